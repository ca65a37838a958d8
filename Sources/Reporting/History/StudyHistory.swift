import Comparing
import Experiments
import Presentation
import Statistics

/// A study's numbers night after night, and where they changed.
package struct StudyHistory: Sendable {
  /// A configuration's metric on one night.
  struct Point: Sendable {
    /// The index in ``StudyHistory/nights``.
    var night: Int
    var value: Night.Value
  }

  /// Nights that can be compared with each other.
  struct Series: Sendable {
    /// Where all of them ran, for a metric that depends on it.
    var machine: Machine?
    var points: [Point]
    /// Changes of the mean; indices are into `points`.
    var found: ChangePoints

    /// The difference of the latest night to the first.
    var difference: Double? {
      guard let first = points.first, let last = points.last, points.count > 1 else { return nil }
      return last.value.mean - first.value.mean
    }
  }

  /// A configuration's metric.
  struct Row: Sendable {
    /// The configuration's hash.
    var hash: String
    /// Its label on the latest night that has it, distinct from the others'.
    var label: String
    var metric: ComparedMetric
    /// In the order of their latest nights. More than one only where the metric depends on the machine.
    var series: [Series]
    /// Nights that have the metric but not one machine, of which nothing can be said.
    var nightsWithoutMachine: Int

    /// Whether a change was found in any series.
    var hasChanged: Bool { series.contains { !$0.found.changes.isEmpty } }
  }

  /// The study's name.
  package let study: String
  /// The nights, oldest first.
  package let nights: [Night]
  /// The largest p that is called a change.
  package let alpha: Double
  /// The metrics that are shown.
  package let metrics: [ComparedMetric]
  /// Metric by metric, each in the order of the latest nights' configurations.
  let rows: [Row]

  /// Works out what `nights` say.
  ///
  /// - Parameters:
  ///   - nights: The study's nights in any order.
  ///   - metrics: What is shown; `nil` is the quality metric (test accuracy, or what there is instead) and the training
  ///     speed where nights have it.
  ///   - hashes: The configurations that are shown; `nil` shows all.
  ///   - names: What a report calls them, by hash.
  package init(
    _ nights: [Night], study: String, metrics: [ComparedMetric]? = nil, hashes: [String]? = nil,
    names: [String: String] = [:], alpha: Double = 0.05
  ) {
    let nights = nights.enumerated().sorted { ($0.element.recordedAt, $0.offset) < ($1.element.recordedAt, $1.offset) }
      .map(\.element)
    let metrics = metrics ?? Self.usualMetrics(of: nights)
    (self.study, self.nights, self.alpha, self.metrics) = (study, nights, alpha, metrics)
    let configurations = Self.configurations(of: nights, hashes: hashes, names: names)
    let values = nights.map { night in
      Dictionary(night.configurations.map { ($0.hash, $0.values) }) { first, _ in first }
    }
    rows = metrics.flatMap { metric in
      configurations.compactMap {
        Self.row($0.hash, label: $0.label, metric: metric, nights: nights, values: values, alpha: alpha)
      }
    }
  }

  /// The history that a report shows; `nil` where fewer than two nights have any of its configurations.
  ///
  /// - Parameters:
  ///   - hashes: The configurations of the report.
  ///   - names: What it calls them.
  init?(ofShown hashes: [String], names: [String], in study: String, options: ReportOptions) {
    guard options.nights.count > 1 else { return nil }
    let named = Dictionary(zip(hashes, names)) { first, _ in first }
    self.init(options.nights, study: study, hashes: hashes, names: named, alpha: options.alpha)
    guard Set(rows.flatMap { row in row.series.flatMap { $0.points.map(\.night) } }).count > 1 else { return nil }
  }

  /// The metrics that any night has, in the order in which they are listed everywhere.
  package static func metrics(of nights: [Night]) -> [ComparedMetric] {
    let names = Set(nights.flatMap { $0.configurations.flatMap { $0.values.map(\.metric) } })
    return ComparedMetric.ordered(names.compactMap(ComparedMetric.init(rawValue:)))
  }

  private static func usualMetrics(of nights: [Night]) -> [ComparedMetric] {
    let known = metrics(of: nights)
    let quality: [ComparedMetric] = [.testAccuracy, .testLoss, .validationAccuracy, .validationLoss, .trainLoss]
    return [quality.first(where: known.contains), known.contains(.imagesPerSecond) ? .imagesPerSecond : nil]
      .compactMap { $0 }
  }

  /// All configurations as the latest night that has them orders them, those of the latest night first.
  private static func configurations(
    of nights: [Night], hashes: [String]?, names: [String: String]
  ) -> [(hash: String, label: String)] {
    var seen: Set<String> = []
    var found: [(hash: String, label: String)] = []
    for night in nights.reversed() {
      for configuration in night.configurations where hashes?.contains(configuration.hash) ?? true {
        if seen.insert(configuration.hash).inserted { found.append((configuration.hash, configuration.label)) }
      }
    }
    let labels = PlainText.distinct(found.map(\.label), limit: 60)
    return zip(found, labels).map { ($0.hash, names[$0.hash] ?? $1) }
  }

  private static func row(
    _ hash: String, label: String, metric: ComparedMetric, nights: [Night], values: [[String: [Night.Value]]],
    alpha: Double
  ) -> Row? {
    var order: [Machine?] = []
    var points: [Machine?: [Point]] = [:]
    var withoutMachine = 0
    for (index, night) in nights.enumerated() {
      guard let value = values[index][hash]?.first(where: { $0.metric == metric.rawValue }), value.mean.isFinite else {
        continue
      }
      if metric.isCost, night.machine == nil {
        withoutMachine += 1
        continue
      }
      let machine = metric.isCost ? night.machine : nil
      order.removeAll { $0 == machine }
      order.append(machine)
      points[machine, default: []].append(Point(night: index, value: value))
    }
    guard !order.isEmpty || withoutMachine > 0 else { return nil }
    let series = order.map { machine in
      let own = points[machine] ?? []
      return Series(machine: machine, points: own, found: ChangePoints(own.map(\.value.mean), alpha: alpha))
    }
    return Row(hash: hash, label: label, metric: metric, series: series, nightsWithoutMachine: withoutMachine)
  }
}
