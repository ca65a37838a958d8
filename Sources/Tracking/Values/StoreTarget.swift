/// Something in a store that people name.
package enum StoreTarget: Sendable, Hashable {
  /// A study: all of its revisions, or one of them.
  case study(String, revision: Int? = nil)
  /// The trial with this key.
  case trial(String)
}
