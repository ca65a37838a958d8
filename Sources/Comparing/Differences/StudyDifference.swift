import Experiments
import Statistics

/// What changed from one study, or one revision of it, to another: in the grid, and in the results.
///
/// It judges nothing; ``StudyComparison`` does.
package struct StudyDifference: Sendable {
  /// A configuration of both sides.
  package struct Row: Sendable, Hashable {
    /// Its label before.
    package var before: String
    /// Its label after.
    package var after: String
    /// Whether all of its settings are the same; otherwise its label is.
    package var hasSameSettings: Bool
    /// The seeds with a value on both sides.
    package var seeds: [UInt64]
    /// How many of them are one and the same run on both sides.
    package var sameRuns: Int
    /// The mean over these seeds before; `nil` without any.
    package var beforeMean: Double?
    /// The mean over these seeds after; `nil` without any.
    package var afterMean: Double?
    /// After minus before, seed by seed.
    package var differences: [Double]
    /// Where the mean of the differences lies, for all rows at once; `nil` for fewer than three seeds, and where all are
    /// the same runs.
    package var interval: Interval?

    /// The mean of the differences; `nil` without common seeds.
    package var difference: Double? { differences.isEmpty ? nil : mean(differences) }
  }

  /// The study as it was.
  package let before: StudyResults
  /// The study as it is.
  package let after: StudyResults
  /// What their grids say otherwise.
  package let grid: [GridChange]
  /// The number that is compared: test accuracy, or test loss where there are no accuracies.
  package let metric: ComparedMetric
  /// The configurations of both sides, in the order of the first.
  package let rows: [Row]
  /// Labels of the configurations that are only there before.
  package let onlyBefore: [String]
  /// Labels of the configurations that are only there after.
  package let onlyAfter: [String]

  /// The share of such tables all of whose intervals hold.
  package static let confidence = 0.95
  /// Fewer common seeds than these have no interval, as in a comparison.
  private static let fewestSeeds = QualityFamily.fewestSeeds

  /// Finds what changed.
  ///
  /// Configurations belong together where all of their settings are the same, and else where their labels are: a setting
  /// that all of a grid's configurations share may have changed.
  package init(
    from before: (record: StudyRecord, results: StudyResults), to after: (record: StudyRecord, results: StudyResults)
  ) {
    (self.before, self.after) = (before.results, after.results)
    grid = GridDifference.changes(from: before.record, to: after.record)
    metric = ComparisonPolicy.standardLimit(for: before.results).metric
    let (pairs, onlyBefore, onlyAfter) = Self.matched(before.results.configurations, after.results.configurations)
    (self.onlyBefore, self.onlyAfter) = (onlyBefore.map(\.label), onlyAfter.map(\.label))
    var rows = pairs.map { [metric] in Self.row($0, $1, metric) }
    let family = rows.count(where: Self.isTested)
    for (index, pair) in pairs.enumerated() where Self.isTested(rows[index]) {
      let examples = metric.isOfTestImages ? pair.0.testExamples : nil
      let interval = Interval.studentT(
        rows[index].differences, confidence: Self.confidence, ofAll: family,
        resolution: examples.map { 1 / Double(max(1, $0)) } ?? 0)
      guard metric.isShare, let mean = rows[index].beforeMean else {
        rows[index].interval = interval
        continue
      }
      rows[index].interval = interval?.cut(to: -mean...max(0, 1 - mean))
    }
    self.rows = rows
  }

  private static func isTested(_ row: Row) -> Bool {
    row.differences.count >= fewestSeeds && row.sameRuns < row.seeds.count
  }

  private typealias Configuration = StudyResults.Configuration

  private static func matched(
    _ before: [Configuration], _ after: [Configuration]
  ) -> (pairs: [(Configuration, Configuration)], onlyBefore: [Configuration], onlyAfter: [Configuration]) {
    let byHash = Dictionary(after.map { ($0.hash, $0) }) { first, _ in first }
    let known = Set(before.map(\.hash))
    let byLabel = Dictionary(after.filter { !known.contains($0.hash) }.map { ($0.label, $0) }) { first, _ in first }
    let pairs = before.compactMap { old in (byHash[old.hash] ?? byLabel[old.label]).map { (old, $0) } }
    let (left, right) = (Set(pairs.map(\.0.hash)), Set(pairs.map(\.1.hash)))
    return (pairs, before.filter { !left.contains($0.hash) }, after.filter { !right.contains($0.hash) })
  }

  private static func row(_ before: Configuration, _ after: Configuration, _ metric: ComparedMetric) -> Row {
    let others = Dictionary(after.trials.map { ($0.seed, $0) }) { first, _ in first }
    let common = before.trials.compactMap { old in others[old.seed].map { (old, $0) } }
      .filter { $0.0.values[metric] != nil && $0.1.values[metric] != nil }
    let (old, new) = (common.compactMap { $0.0.values[metric] }, common.compactMap { $0.1.values[metric] })
    return Row(
      before: before.label, after: after.label, hasSameSettings: before.hash == after.hash, seeds: common.map(\.0.seed),
      sameRuns: common.count { $0.0.isSameRun(as: $0.1) }, beforeMean: common.isEmpty ? nil : mean(old),
      afterMean: common.isEmpty ? nil : mean(new), differences: zip(old, new).map { $1 - $0 })
  }
}
