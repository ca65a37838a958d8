import Comparing
import Experiments
import Statistics

/// The effect of one axis by itself: the score at each of its values, averaged over everything else that varies.
struct AxisEffect: Sendable {
  /// A value of the axis with its average scores.
  struct Level: Sendable {
    var value: String
    /// Over seeds, each the average over the configurations with this value.
    var score: Summary
    /// Against the best value; `nil` for the best itself.
    var difference: Double?
    /// Corrected over the axis's values and over all axes; `nil` for the best itself, and with too few seeds.
    var p: Double?
  }

  var path: String
  /// In file order.
  var levels: [Level]
  /// Configurations averaged over in each level.
  var settingsAveraged: Int

  /// The distance from the best level to the worst.
  var span: Double {
    let means = levels.map(\.score.mean)
    return (means.max() ?? 0) - (means.min() ?? 0)
  }
}

extension RankedStudy {
  /// The effect of each axis, where there is more than one and the others are balanced against it.
  func axisEffects() -> [AxisEffect] {
    let axes = record.axes.filter { $0.values.count > 1 }
    guard axes.count > 1 else { return [] }
    var effects = axes.compactMap { effect(of: $0, among: axes) }
    // Bonferroni over the axes; within an axis p is corrected already.
    for axis in effects.indices {
      for level in effects[axis].levels.indices {
        effects[axis].levels[level].p = effects[axis].levels[level].p.map { min(1, $0 * Double(effects.count)) }
      }
    }
    return effects
  }

  private func effect(of axis: Axis, among axes: [Axis]) -> AxisEffect? {
    // Settings of the other axes under which every value of this one has a score.
    var groups: [[String?]: [String: ConfigurationAnalysis]] = [:]
    var order: [[String?]] = []
    for row in configurations {
      guard isWhole[row.index], let level = value(of: axis, at: row) else { continue }
      let others = axes.filter { $0.path != axis.path }.map { value(of: $0, at: row) }
      if groups[others] == nil { order.append(others) }
      groups[others, default: [:]][level] = row
    }
    let levels = axis.values.filter { value in groups.values.contains { $0[value] != nil } }
    let complete = order.compactMap { groups[$0] }.filter { $0.count == levels.count }
    let members = complete.flatMap(\.values)
    let seeds = seeds.filter { seed in members.allSatisfy { $0.scores[seed] != nil } }
    guard levels.count > 1, !complete.isEmpty, !seeds.isEmpty else { return nil }
    let values = levels.map { level in
      seeds.map { seed in mean(complete.compactMap { $0[level]?.scores[seed] }) }
    }
    let comparisons = MeanComparisons(
      values, higherIsBetter: metric.higherIsBetter,
      resolution: (members.map(\.resolution).max() ?? 0) / Double(complete.count), confidence: options.confidence)
    let means = values.map { mean($0) }
    guard let best = metric.higherIsBetter ? means.max() : means.min() else { return nil }
    return AxisEffect(
      path: axis.path,
      levels: levels.indices.compactMap { index in
        Summary(values[index]).map { score in
          AxisEffect.Level(
            value: levels[index], score: score, difference: means[index] == best ? nil : means[index] - best,
            p: comparisons.versusLeader.first { $0.first == index }?.correctedP)
        }
      }, settingsAveraged: complete.count)
  }
}
