import InnerLoops
import Processor
import Testing

#if arch(x86_64)
  import InnerLoopsWide
#endif

/// Sums of scaled blocks at every level of the kernels, against one fused multiply-add after another.
@Suite struct BlockSumTests {
  struct Case: Sendable {
    let rows, columns, sourceStride, destinationStride, rangesPerSum, count, columnsAtOnce: Int
    let accumulates: Bool
    let destinations: [Int32]
    /// Laid out as the kernels' ScaledBlock and TermRange.
    let terms: [(offset: Int32, factor: Float)]
    let ranges: [(first: Int32, count: Int32, origin: Int32)]
    let source, destination: [Float]

    init(_ random: inout Random) {
      (rows, columns, count) = (1 + random.below(8), 1 + random.below(120), 1 + random.below(5))
      (sourceStride, destinationStride) = (columns + random.below(9), columns + random.below(9))
      (rangesPerSum, accumulates) = (1 + random.below(3), random.below(2) == 0)
      columnsAtOnce = random.below(2) == 0 ? .max : 32 + random.below(100)
      terms = random.uniform(40).map { (Int32(random.below(50)), $0) }
      ranges = (0..<count * rangesPerSum).map { _ in
        let first = random.below(40)
        return (Int32(first), Int32(random.below(41 - first)), Int32(random.below(30)))
      }
      destinations = (0..<count).map { [rows, destinationStride] in Int32($0 * rows * destinationStride) }
      source = random.uniform(80 + rows * sourceStride + 7)
      destination = random.uniform(count * rows * destinationStride)
    }

    var expected: [Float] {
      var result = destination
      for sum in 0..<count {
        for row in 0..<rows {
          for column in 0..<columns {
            let target = Int(destinations[sum]) + row * destinationStride + column
            var value: Float = 0
            for range in ranges[sum * rangesPerSum..<(sum + 1) * rangesPerSum] {
              for term in Int(range.first)..<Int(range.first + range.count) {
                let place = Int(range.origin + terms[term].offset) + row * sourceStride + column
                value.addProduct(terms[term].factor, source[place])
              }
            }
            // A sum of sums.
            result[target] = accumulates ? value + destination[target] : value
          }
        }
      }
      return result
    }

    var narrow: [Float] {
      var result = destination
      InnerLoops.BlockSums(
        rows: rows, columns: columns, sourceStride: sourceStride, destinationStride: destinationStride,
        rangesPerSum: rangesPerSum, count: count, accumulates: accumulates, columnsAtOnce: columnsAtOnce
      ).compute(
        terms: terms, ranges: ranges, source: source, destinations: destinations, destination: &result)
      return result
    }

    #if arch(x86_64)
      var wide: [Float] {
        var result = destination
        InnerLoopsWide.BlockSums(
          rows: rows, columns: columns, sourceStride: sourceStride, destinationStride: destinationStride,
          rangesPerSum: rangesPerSum, count: count, accumulates: accumulates, columnsAtOnce: columnsAtOnce
        ).compute(
          terms: terms, ranges: ranges, source: source, destinations: destinations, destination: &result)
        return result
      }
    #endif
  }

  private static let cases: [Case] = {
    var random = Random(state: 37)
    return (0..<400).map { _ in Case(&random) }
  }()

  @Test func narrowVectorsGiveTheBitsOfTheNaiveLoop() {
    for sums in Self.cases { #expect(sums.narrow == sums.expected) }
  }

  #if arch(x86_64)
    @Test(.enabled(if: KernelLevel.available.contains(.v4), "needs a processor that has x86-64-v4"))
    func wideVectorsGiveTheBitsOfTheNaiveLoop() {
      for sums in Self.cases { #expect(sums.wide == sums.expected) }
    }
  #endif
}
