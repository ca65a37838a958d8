import InnerLoops

#if arch(x86_64)
  import InnerLoopsWide
#endif

/// The sums of scaled blocks of one call, with the widest vectors that the processor has.
struct BlockSums {
  /// Rows of a block.
  var rows: Int
  /// Floats of a block's row.
  var columns: Int
  /// Floats from one row of a block in the source to the next.
  var sourceStride: Int
  /// Floats from one row of a block in the destination to the next.
  var destinationStride: Int
  /// The number of neighbouring ranges that make one sum.
  var rangesPerSum: Int
  /// The number of sums.
  var count: Int
  /// Whether sums are added to what is there.
  var accumulates: Bool
  /// Floats of a block's row that are worked on together, if the registers hold as many.
  var columnsAtOnce = Int.max

  /// Computes all sums. Blocks of the source are read up to seven floats past their end, which `source` must have room
  /// for; those of the destination are neither read nor written past their end, and overlap neither each other nor the
  /// source.
  ///
  /// - Parameters:
  ///   - ranges: `count * rangesPerSum` of them.
  ///   - destinations: where in `destination` each sum's block begins, in floats.
  func compute(
    terms: UnsafePointer<ScaledBlock>, ranges: UnsafePointer<TermRange>, source: UnsafePointer<Float>,
    destinations: UnsafePointer<Int32>, destination: UnsafeMutablePointer<Float>
  ) {
    #if arch(x86_64)
      if hasWideVectors {
        return InnerLoopsWide.BlockSums(
          rows: rows, columns: columns, sourceStride: sourceStride, destinationStride: destinationStride,
          rangesPerSum: rangesPerSum, count: count, accumulates: accumulates, columnsAtOnce: columnsAtOnce
        ).compute(
          terms: terms, ranges: ranges, source: source, destinations: destinations, destination: destination)
      }
    #endif
    InnerLoops.BlockSums(
      rows: rows, columns: columns, sourceStride: sourceStride, destinationStride: destinationStride,
      rangesPerSum: rangesPerSum, count: count, accumulates: accumulates, columnsAtOnce: columnsAtOnce
    ).compute(
      terms: terms, ranges: ranges, source: source, destinations: destinations, destination: destination)
  }
}
