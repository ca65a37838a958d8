import Comparing
import Experiments
import Presentation
import Statistics

/// The loss against the learning rate, a line for every setting of what else varies.
enum RateChart {
  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    guard let axis = analysis.record.axes.first(where: { $0.path == "optimizer.lr" }), axis.values.count > 1 else {
      return nil
    }
    var groups: [String: [LineChart.Point]] = [:]
    var order: [String] = []
    for row in analysis.configurations {
      let losses = row.trials.filter { $0.score != nil }.compactMap { $0.chosen?.test?.loss ?? $0.chosen?.trainLoss }
      guard let summary = Summary(losses), summary.mean.isFinite else { continue }
      let others = row.record.configuration.settings.filter { $0.path != axis.path }.map(\.value)
      let name = others.isEmpty ? "all" : others.joined(separator: ", ")
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(
        LineChart.Point(
          x: row.record.configuration.resolved.optimizer.learningRate, mean: summary.mean, low: summary.minimum,
          high: summary.maximum))
    }
    order.removeAll { groups[$0, default: []].count < 2 }
    guard !order.isEmpty else { return nil }
    // The lines with the lowest points are named.
    let lowest = order.sorted {
      (groups[$0]?.map(\.mean).min() ?? .infinity) < (groups[$1]?.map(\.mean).min() ?? .infinity)
    }
    let named = order.count <= ChartPalette.series.count ? order : Array(lowest.prefix(ChartPalette.series.count))
    let labels = PlainText.distinct(named, limit: 26)
    let lines = order.map { name in
      let position = named.firstIndex(of: name)
      return LineChart.Line(
        label: position.map { labels[$0] }, color: position.map { ChartPalette.series[$0] } ?? ChartPalette.pale,
        points: groups[name, default: []].sorted { $0.x < $1.x })
    }
    let losses = lines.flatMap { $0.points.flatMap { [$0.low, $0.mean, $0.high] } }
    let isWide = (losses.min() ?? 0) > 0 && (losses.max() ?? 0) > 8 * (losses.min() ?? 0)
    let unit = analysis.metric.lossUnit.isEmpty ? "" : " (\(analysis.metric.lossUnit))"
    return LineChart(
      name: "learning-rate", title: "Test loss against the learning rate",
      caption:
        "Test loss at the \(analysis.pointText) against the learning rate: mean over seeds, band from the lowest "
        + "to the highest seed. Trials that diverged are missing.",
      xTitle: "learning rate, logarithmic", yTitle: "test loss\(unit)\(isWide ? ", logarithmic" : "")",
      x: .logarithmic(over: lines.flatMap { $0.points.map(\.x) }, naming: lines.flatMap { $0.points.map(\.x) }),
      y: isWide ? .logarithmic(over: losses) : .linear(over: losses), lines: lines
    ).chart
  }
}
