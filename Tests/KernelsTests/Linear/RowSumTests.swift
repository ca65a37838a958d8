import Processor
import InnerLoops
import Testing

#if arch(x86_64)
  import InnerLoopsWide
#endif

/// The inner loop at every level of the kernels, against one fused multiply-add after another.
@Suite struct RowSumTests {
  /// A row whose buffers hold as much as its strides reach.
  struct Case: Sendable {
    let lanes, places, placeStride, rows, rowStride, steps, stepStride, vectorStride, vectorRowStride: Int
    let outputStride: Int
    let accumulates: Bool
    let scalars, vectors, output: [Float]

    init(_ random: inout Random) {
      lanes = random.below(2) == 0 ? 8 : 16
      (places, rows, steps) = (1 + random.below(40), 1 + random.below(3), 1 + random.below(60))
      let stepsAreNeighbours = random.below(2) == 0
      stepStride = stepsAreNeighbours ? 1 : 1 + random.below(70)
      placeStride = stepsAreNeighbours ? 1 + random.below(70) : 1
      rowStride = random.below(200)
      vectorStride = lanes + random.below(20)
      vectorRowStride = random.below(100)
      outputStride = lanes + random.below(20)
      accumulates = random.below(2) == 0
      scalars = random.uniform(places * placeStride + rows * rowStride + steps * stepStride)
      vectors = random.uniform(rows * vectorRowStride + steps * vectorStride + lanes)
      output = random.uniform(places * outputStride + lanes)
    }

    var expected: [Float] {
      var result = output
      for place in 0..<places {
        for lane in 0..<lanes {
          var sum: Float = 0
          for row in 0..<rows {
            for step in 0..<steps {
              let scalar = scalars[place * placeStride + row * rowStride + step * stepStride]
              sum.addProduct(vectors[row * vectorRowStride + step * vectorStride + lane], scalar)
            }
          }
          let target = place * outputStride + lane
          result[target] = accumulates ? sum + output[target] : sum
        }
      }
      return result
    }

    var narrow: [Float] {
      var result = output
      InnerLoops.RowSum(
        rows: rows, rowStride: rowStride, steps: steps, vectorStride: vectorStride, vectorRowStride: vectorRowStride,
        outputStride: outputStride, accumulates: accumulates
      ).compute(
        lanes: lanes, places: places, placeStride: placeStride, stepStride: stepStride, scalars: scalars,
        vectors: vectors, into: &result)
      return result
    }

    #if arch(x86_64)
      var wide: [Float] {
        var result = output
        InnerLoopsWide.RowSum(
          rows: rows, rowStride: rowStride, steps: steps, vectorStride: vectorStride, vectorRowStride: vectorRowStride,
          outputStride: outputStride, accumulates: accumulates
        ).compute(
          lanes: lanes, places: places, placeStride: placeStride, stepStride: stepStride, scalars: scalars,
          vectors: vectors, into: &result)
        return result
      }
    #endif
  }

  private static let cases: [Case] = {
    var random = Random(state: 31)
    return (0..<400).map { _ in Case(&random) }
  }()

  @Test func narrowVectorsGiveTheBitsOfTheNaiveLoop() {
    for row in Self.cases { #expect(row.narrow == row.expected) }
  }

  #if arch(x86_64)
    @Test(.enabled(if: KernelLevel.available.contains(.v4), "needs a processor that has x86-64-v4"))
    func wideVectorsGiveTheBitsOfTheNaiveLoop() {
      for row in Self.cases { #expect(row.wide == row.expected) }
    }
  #endif
}
