/// The number of spatial dimensions that a layer works on.
package enum SpatialRank: Int, Hashable, Sendable {
  /// Sequences, `[C, L]`.
  case one = 1
  /// Images, `[C, H, W]`.
  case two = 2
}
