import Processor
import InnerLoops

#if arch(x86_64)
  import InnerLoopsWide

  /// Whether a register holds sixteen floats.
  let hasWideVectors = KernelLevel.chosen == .v4
  /// Floats of the widest vector register.
  let floatsPerRegister = hasWideVectors ? 16 : 8
#else
  /// Floats of the widest vector register.
  let floatsPerRegister = 8
#endif

/// A row of sums that a direct convolution computes at once; the scalars of either steps or places are neighbours.
struct ConvolutionRow {
  /// Places of the row.
  var places: Int
  /// Floats from a place's first scalar to the next place's.
  var placeStride: Int
  /// Rows that are summed over.
  var rows: Int
  /// Floats from a row of scalars to the next.
  var rowStride: Int
  /// Steps of each row that are summed over.
  var steps: Int
  /// Floats from a step's scalar to the next step's.
  var stepStride: Int
  /// Floats from a step's vector to the next step's.
  var vectorStride: Int
  /// Floats from a row's first vector to the next row's.
  var vectorRowStride: Int
  /// Floats from a place's sums to the next place's; `nil` is as many as there are lanes.
  var outputStride: Int?
  /// Whether the sums are added to what is there, as they are: a sum of sums keeps more digits than a long one.
  var accumulates = false

  /// Computes the row with the lanes of a ``ChannelBlock``. Whole vectors are read and written, so `vectors` must hold
  /// `lanes` floats at each step, and `output` at each place. The output overlaps neither.
  func compute(
    lanes: Int, scalars: UnsafePointer<Float>, vectors: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>
  ) {
    precondition(stepStride == 1 || placeStride == 1)
    #if arch(x86_64)
      if hasWideVectors {
        return InnerLoopsWide.RowSum(
          rows: rows, rowStride: rowStride, steps: steps, vectorStride: vectorStride, vectorRowStride: vectorRowStride,
          outputStride: outputStride ?? lanes, accumulates: accumulates
        ).compute(
          lanes: lanes, places: places, placeStride: placeStride, stepStride: stepStride, scalars: scalars,
          vectors: vectors, into: output)
      }
    #endif
    InnerLoops.RowSum(
      rows: rows, rowStride: rowStride, steps: steps, vectorStride: vectorStride, vectorRowStride: vectorRowStride,
      outputStride: outputStride ?? lanes, accumulates: accumulates
    ).compute(
      lanes: lanes, places: places, placeStride: placeStride, stepStride: stepStride, scalars: scalars,
      vectors: vectors,
      into: output)
  }
}
