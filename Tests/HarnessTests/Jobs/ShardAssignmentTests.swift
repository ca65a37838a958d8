import Testing

@testable import Harness

@Suite struct ShardAssignmentTests {
  /// Keys of `seeds` trials for each configuration, in no order.
  private func keys(_ configurations: Int, _ seeds: Int, _ state: inout UInt64) -> [[String]] {
    (0..<configurations).map { _ in
      (0..<seeds).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return String(state, radix: 16)
      }
    }
  }

  @Test(arguments: 0..<40) func everyTrialIsAssignedAndSeedsAreApart(seed: UInt64) {
    var state = seed &+ 1
    let (configurations, seeds, shards) = (Int(seed % 7) + 1, Int(seed % 5) + 1, Int(seed % 9) + 1)
    let keys = keys(configurations, seeds, &state)
    let costs = (0..<configurations).map { Double($0 * $0 % 11 + 1) }
    let assignment = ShardAssignment(keys: keys, costs: costs, shards: shards)
    #expect(assignment.shards.count == configurations * seeds)
    #expect(assignment.shards.allSatisfy { (0..<shards).contains($0) })
    for row in 0..<configurations {
      let counts = Dictionary(grouping: assignment.shards[row * seeds..<(row + 1) * seeds]) { $0 }.mapValues(\.count)
      // As many shards as there are seeds for, none with two seeds more than another.
      #expect(counts.count == min(seeds, shards))
      #expect((counts.values.max() ?? 0) - (counts.values.min() ?? 0) <= 1)
    }
    for shard in 0..<shards {
      let sum = assignment.shards.enumerated().filter { $0.element == shard }.reduce(0) {
        $0 + costs[$1.offset / seeds]
      }
      #expect(assignment.loads[shard] == sum)
    }
  }

  @Test func theLongestShardTakesAtMostFourThirdsOfTheShortestPossibleTime() {
    var state: UInt64 = 1
    for round in 0..<200 {
      let (count, shards) = (round % 13 + 1, round % 6 + 1)
      let keys = keys(count, 1, &state)
      let costs = keys.indices.map { Double(($0 * 7 + round * 3) % 19 + 1) }
      let longest = ShardAssignment(keys: keys, costs: costs, shards: shards).loads.max() ?? 0
      let sorted = costs.sorted(by: >)
      // Each schedule takes the mean at least, the longest trial, and the two that must share a shard.
      var bound = max(costs.reduce(0, +) / Double(shards), sorted[0])
      if count > shards { bound = max(bound, sorted[shards - 1] + sorted[shards]) }
      #expect(longest <= (4.0 / 3 - 1 / (3 * Double(shards))) * bound + 1e-9)
    }
  }

  @Test func theOrderOfEqualTrialsFollowsTheirKeys() {
    let one = ShardAssignment(keys: [["a"], ["b"], ["c"]], costs: [1, 1, 1], shards: 2)
    #expect(one.shards == [0, 1, 0])
    let other = ShardAssignment(keys: [["c"], ["b"], ["a"]], costs: [1, 1, 1], shards: 2)
    #expect(other.shards == [0, 1, 0])
    #expect(ShardAssignment(keys: [["b"], ["a"]], costs: [1, 1], shards: 2).shards == [1, 0])
  }

  @Test func rangesAreAsSlurmWritesThem() {
    #expect(IndexRanges.text([]) == "")
    #expect(IndexRanges.text([4]) == "4")
    #expect(IndexRanges.text([0, 1, 2, 3, 7, 9, 10]) == "0-3,7,9-10")
  }
}
