import Statistics
import Testing

@Suite struct BestOfSubsetTests {
  /// The mean of the best over all subsets of each size, one after the other.
  private func enumerated(_ values: [Double], best: ([Double]) -> Double?) -> [Double] {
    var sums = [Double](repeating: 0, count: values.count + 1)
    var counts = [Int](repeating: 0, count: values.count + 1)
    for subset in 1..<(1 << values.count) {
      let chosen = values.indices.filter { subset >> $0 & 1 == 1 }.map { values[$0] }
      sums[chosen.count] += best(chosen) ?? .nan
      counts[chosen.count] += 1
    }
    return zip(sums, counts).dropFirst().map { $0 / Double($1) }
  }

  @Test(arguments: 1...10)
  func expectedBestIsTheMeanOverAllSubsets(count: Int) {
    var generator = TestGenerator(seed: count)
    // Ties among them.
    let values = (0..<count).map { _ in (generator.normal() * 4).rounded() / 4 }
    for (found, expected) in zip(BestOfSubset.expectedLargest(values), enumerated(values) { $0.max() }) {
      expectClose(found, expected, within: 1e-12, "\(values)")
    }
    for (found, expected) in zip(BestOfSubset.expectedSmallest(values), enumerated(values) { $0.min() }) {
      expectClose(found, expected, within: 1e-12, "\(values)")
    }
    #expect(BestOfSubset.expectedLargest(values).count == count)
  }

  @Test func endsAreTheMeanAndTheBest() {
    let values = [0.9, 0.1, 0.5, 0.7]
    expectClose(BestOfSubset.expectedLargest(values)[0], mean(values), within: 1e-15)
    expectClose(BestOfSubset.expectedLargest(values)[3], 0.9, within: 1e-15)
    #expect(BestOfSubset.expectedLargest([]).isEmpty)
    #expect(BestOfSubset.expectedSmallest([3]) == [3])
  }

  @Test func manyValuesStayFinite() {
    let curve = BestOfSubset.expectedLargest((0..<2000).map { Double($0) })
    #expect(curve.allSatisfy(\.isFinite) && zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 })
    // The expected largest of m of 0 … n − 1 is m (n + 1) / (m + 1) − 1.
    for m in [1, 10, 500, 2000] { expectClose(curve[m - 1], Double(m) * 2001 / Double(m + 1) - 1, within: 1e-6) }
  }
}
