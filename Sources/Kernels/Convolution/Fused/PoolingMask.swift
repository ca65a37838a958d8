/// What a pooling window keeps of each channel, one byte, so that its gradient finds the way back.
///
/// - Max pooling: the argmax index, the place of the largest value in its window counted row by row, or ``inactive``.
/// - Average pooling: a bit for each place of the 2 × 2 window where ReLU passes the gradient, lowest first.
///
/// The bytes of an example are `[pooled row][pooled column][channel]`, the channels filled up to a multiple of 8.
enum PoolingMask {
  /// Max pooling: ReLU set the largest value to zero, so the window passes no gradient.
  static let inactive: UInt8 = 255

  /// Places that a max pooling's window may have: their indices must differ from ``inactive``.
  static let mostPlaces = 255
}
