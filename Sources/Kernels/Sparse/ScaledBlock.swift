/// One term of a sum: a factor, and where the block that it multiplies begins.
struct ScaledBlock: BitwiseCopyable {
  /// Floats from the range's origin to the block.
  var offset: Int32
  /// The factor of the block.
  var factor: Float
}

/// Terms that lie one after another and count their blocks' offsets from one place.
struct TermRange {
  /// The first term.
  var first: Int32
  /// The number of terms, perhaps none.
  var count: Int32
  /// Floats from the source to where the terms' offsets count from.
  var origin: Int32
}
