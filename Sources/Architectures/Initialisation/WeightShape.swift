/// What a layer's weight is, which says how it can begin.
package enum WeightShape: Sendable {
  /// Two dimensions or more: inputs and outputs can be told apart.
  case matrix
  /// One dimension.
  case vector
}
