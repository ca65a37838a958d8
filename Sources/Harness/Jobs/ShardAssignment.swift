/// Which shard trains which trial: the longest first, each to the shard that has least to do so far.
///
/// A configuration's seeds go to different shards as long as there are enough, so that a lost shard costs no configuration
/// all of its seeds. The rule is that of longest processing time (Graham 1969, doi:10.1137/0117039): the longest shard
/// takes at most 4/3 of the shortest possible time, but for what keeping seeds apart costs.
struct ShardAssignment: Sendable, Equatable {
  /// The shard of each trial, from 0: all seeds of the first configuration, then of the second …
  let shards: [Int]
  /// What each shard has to do, in the unit of the costs.
  let loads: [Double]

  /// Assigns trials.
  ///
  /// - Parameters:
  ///   - keys: the trials' keys, configuration by configuration; ties are broken by them.
  ///   - costs: what a trial of each configuration takes, in any unit.
  ///   - count: the number of shards.
  /// - Complexity: O(trials · shards) moves of small values in the worst case: 0.3 s for 100,000 trials on 1,000 shards.
  init(keys: [[String]], costs: [Double], shards count: Int) {
    precondition(count > 0 && keys.count == costs.count)
    let offsets = keys.reduce(into: [0]) { $0.append($0.last! + $1.count) }
    var order: [(row: Int, place: Int)] = []
    for row in keys.indices { order += keys[row].indices.map { (row, $0) } }
    order.sort { first, second in
      let (cost, other) = (costs[first.row], costs[second.row])
      return cost == other ? keys[first.row][first.place] < keys[second.row][second.place] : cost > other
    }
    var shards = [Int](repeating: 0, count: order.count)
    var seeds = [[Int: Int]](repeating: [:], count: keys.count)
    // Least load first; of equal loads the lower number.
    var queue = (0..<count).map { (load: 0.0, shard: $0) }
    for (row, place) in order {
      let fewest = seeds[row].count < count ? 0 : seeds[row].values.min() ?? 0
      guard let index = queue.firstIndex(where: { seeds[row][$0.shard, default: 0] == fewest }) else { continue }
      var entry = queue.remove(at: index)
      entry.load += costs[row]
      shards[offsets[row] + place] = entry.shard
      seeds[row][entry.shard, default: 0] += 1
      queue.insert(entry, at: Self.place(of: entry, in: queue, from: index))
    }
    self.shards = shards
    loads = queue.sorted { $0.shard < $1.shard }.map(\.load)
  }

  private static func place(
    of entry: (load: Double, shard: Int), in queue: [(load: Double, shard: Int)], from start: Int
  ) -> Int {
    var (low, high) = (start, queue.count)
    while low < high {
      let middle = (low + high) / 2
      if (queue[middle].load, queue[middle].shard) < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
