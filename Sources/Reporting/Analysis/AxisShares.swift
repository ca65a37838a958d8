import Experiments
import Presentation
import Statistics

/// How much of the variation of all scores goes with each axis, with each pair of axes, and with the seeds.
struct AxisShares: Sendable {
  /// The axes that vary, in file order.
  let axes: [Axis]
  let shares: VarianceShares

  /// A source of variation.
  struct Source: Sendable {
    /// One place in ``AxisShares/axes``, or two.
    var axes: [Int]
    var share: VarianceShares.Share
  }

  /// `12.3 %`
  static func text(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 1)) %" }

  /// Axes and pairs of axes, the largest share first.
  var largest: [Source] {
    let all =
      axes.indices.map { Source(axes: [$0], share: shares.axes[$0]) }
      + shares.pairs.map { Source(axes: [$0.first, $0.second], share: $0.share) }
    return all.indices.sorted {
      let (a, b) = (all[$0].share.share, all[$1].share.share)
      return a == b ? $0 < $1 : a > b
    }.map { all[$0] }
  }
}

extension RankedStudy {
  /// The shares of a study with two axes or more in which every combination of values ran with the same seeds.
  func axisShares() -> AxisShares? {
    let axes = record.axes.filter { $0.values.count > 1 }
    let count = axes.reduce(1) { $0.multipliedReportingOverflow(by: $1.values.count).partialValue }
    guard axes.count > 1, configurations.count == count, isWhole.allSatisfy({ $0 }) else { return nil }
    var rows = [ConfigurationAnalysis?](repeating: nil, count: count)
    for row in configurations {
      var place = 0
      for axis in axes {
        guard let value = value(of: axis, at: row), let level = axis.values.firstIndex(of: value) else { return nil }
        place = place * axis.values.count + level
      }
      rows[place] = row
    }
    let cells = rows.compactMap { $0 }
    let seeds = seeds.filter { seed in cells.allSatisfy { $0.scores[seed] != nil } }
    guard cells.count == count, !seeds.isEmpty else { return nil }
    return VarianceShares(
      levels: axes.map(\.values.count), scores: cells.map { cell in seeds.compactMap { cell.scores[$0] } }
    ).map { AxisShares(axes: axes, shares: $0) }
  }
}
