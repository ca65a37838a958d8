import Comparing
import Experiments
import Presentation
import Statistics

/// Charts with one row per configuration.
enum FinalChart {
  /// Rows at most.
  private static let limit = 36

  /// Each configuration's score: seeds, mean and interval, best first.
  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let metric = analysis.metric
    let scored = analysis.ranked.filter { $0.score != nil }
    guard !scored.isEmpty else { return nil }
    let rows = scored.prefix(limit).compactMap { row -> DotChart.Row? in
      row.score.map { score in
        let count = row.finished == row.trials.count ? "" : "  (\(row.finishedText))"
        return DotChart.Row(
          label: row.label, color: choice.color(row.index), points: ordered(row.scores), mean: score.mean,
          interval: row.interval.map { ($0.lower, $0.upper) }, text: metric.text(score) + count)
      }
    }
    let means = rows.map(\.mean)
    let isWide = metric.kind == .loss && (means.min() ?? 0) > 0 && (means.max() ?? 0) > 30 * (means.min() ?? 0)
    let left = scored.count > limit ? " The best \(limit) of \(NumberText.count(scored.count))." : ""
    return DotChart(
      name: "final", title: "\(metric.name.capitalizedFirst) per configuration, \(analysis.pointText)",
      caption:
        "\(metric.name.capitalizedFirst) at the \(analysis.pointText): a point for each seed, a stroke for the mean, a bar for "
        + "its \(analysis.confidenceText) interval.\(left)",
      xTitle: metric.title,
      x: isWide
        ? .logarithmic(over: ValueScale.tame(rows.flatMap(\.points)))
        : scale(rows, zoom: metric.scale, within: metric.kind == .accuracy ? 0...1 : 0 ... .infinity),
      rows: Array(rows)
    ).chart
  }

  /// Each configuration's differences to the best, seed by seed.
  static func differences(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let metric = analysis.metric
    guard let best = analysis.best, best.scores.count > 1 else { return nil }
    let compared = analysis.ranked.filter { $0.comparison != nil && $0.index != best.index }
    guard !compared.isEmpty else { return nil }
    let rows = compared.prefix(limit).compactMap { row -> DotChart.Row? in
      guard let comparison = row.comparison else { return nil }
      let points = best.trials.map(\.record.seed).compactMap { seed in
        row.scores[seed].flatMap { score in best.scores[seed].map { score - $0 } }
      }
      return DotChart.Row(
        label: row.label, color: choice.color(row.index), points: points, mean: comparison.difference,
        interval: comparison.interval.map { ($0.lower, $0.upper) },
        text:
          "\(metric.difference(comparison.difference))  p \(analysis.study.pText(comparison.p))"
      )
    }
    let name = best.label
    let unit =
      metric.differenceUnit.isEmpty
      ? "" : " (\(metric.differenceUnit == "points" ? "percentage points" : metric.differenceUnit))"
    return DotChart(
      name: "differences", title: "Difference to \(name), seed by seed",
      caption:
        "Difference in \(metric.name) to \(name), the best: a point for each seed, a stroke for the mean, a bar for its "
        + "\(analysis.confidenceText) interval (all of them hold at once); p as in the ranking, ≈ not shown "
        + "to be worse.",
      xTitle: "difference in \(metric.name)\(unit)", x: scale(rows, zoom: metric.scale, including: [0], isSigned: true),
      reference: 0,
      rows: Array(rows)
    ).chart
  }

  /// Training examples per second.
  static func speed(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let measured = analysis.configurations.filter { ($0.imagesPerSecond?.mean ?? 0) > 0 }
      .sorted { ($0.imagesPerSecond?.mean ?? 0, $1.index) > ($1.imagesPerSecond?.mean ?? 0, $0.index) }
    guard measured.count > 1 else { return nil }
    let rows = measured.prefix(limit).compactMap { row -> DotChart.Row? in
      row.imagesPerSecond.map { speed in
        DotChart.Row(
          label: row.label, color: choice.color(row.index),
          points: row.trials.filter { $0.score != nil }.compactMap(\.record.result?.imagesPerSecond), mean: speed.mean,
          interval: nil, text: NumberText.count(speed.mean))
      }
    }
    let values = rows.flatMap(\.points)
    let isWide = (values.max() ?? 0) > 8 * (values.min() ?? 0)
    return DotChart(
      name: "speed", title: "Training speed",
      caption: "Training examples per second, evaluations not counted: a point for each seed, a stroke for the mean.",
      xTitle: "images per second",
      x: isWide ? .logarithmic(over: values) : .linear(over: values + [0], within: 0 ... .infinity), rows: Array(rows)
    ).chart
  }

  private static func ordered(_ scores: [UInt64: Double]) -> [Double] {
    scores.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A range that shows the differences among most rows: a few far away don't squeeze the rest, and a wide interval
  /// of few seeds reaches no farther than the points do, twice.
  private static func scale(
    _ rows: some Collection<DotChart.Row>, zoom: Double, within limits: ClosedRange<Double> = -.infinity ... .infinity,
    including others: [Double] = [], isSigned: Bool = false
  ) -> ValueScale {
    let means = rows.map(\.mean).filter(\.isFinite).sorted()
    let (low, high) = (quantile(0.25, of: means), quantile(0.75, of: means))
    let spreads = rows.flatMap { row in row.points.map { abs($0 - row.mean) } }
    let spread = Summary(spreads)?.median ?? 0
    let reach: Double = max(4 * (high - low), 6 * spread, 1e-12)
    let near = rows.filter { $0.mean >= low - reach && $0.mean <= high + reach }
    let (lowest, highest) = (low - 2 * reach, high + 2 * reach)
    var points = near.flatMap(\.points).filter { $0 >= lowest && $0 <= highest }
    points += near.map(\.mean)
    points += others
    let (least, most) = (points.min() ?? 0, points.max() ?? 1)
    let room = max(most - least, 1e-9)
    let ends = near.flatMap { row -> [Double] in row.interval.map { [$0.lower, $0.upper] } ?? [] }
    let bounds = ends.filter(\.isFinite).map { min(most + room * 0.5, max(least - room * 0.5, $0)) }
    return .linear(over: points + bounds, zoom: zoom, within: limits, isSigned: isSigned)
  }
}
