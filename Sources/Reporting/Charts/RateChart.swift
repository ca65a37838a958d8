import Comparing
import Experiments
import Presentation
import Statistics

/// The loss against the learning rate, a line for every setting of what else varies.
enum RateChart {
  /// Configurations that differ in the learning rate alone.
  private struct Group {
    var name: String
    var points: [LineChart.Point] = []
    var exits: [Double] = []
  }

  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    guard let axis = analysis.record.axes.first(where: { $0.path == "optimizer.lr" }), axis.values.count > 1 else {
      return nil
    }
    var groups: [[Setting]: Group] = [:]
    var order: [[Setting]] = []
    let all = ShortNames(
      analysis.record.configurations.map(\.configuration), axes: analysis.record.axes, without: axis.path
    ).names
    for row in analysis.configurations {
      let losses = row.trials.filter { $0.score != nil }.compactMap { $0.chosen?.test?.loss ?? $0.chosen?.trainLoss }
      let others = row.record.configuration.settings.filter { $0.path != axis.path }
      guard
        let rate = row.record.configuration.resolved?.optimizer.learningRate
          ?? row.value(of: axis.path).flatMap(Double.init),
        rate > 0
      else { continue }
      var group = groups[others] ?? Group(name: all[row.index])
      if row.trials.contains(where: { $0.record.state == .diverged }) { group.exits.append(rate) }
      if let summary = Summary(losses), summary.mean.isFinite {
        group.points.append(
          LineChart.Point(x: rate, mean: summary.mean, low: summary.minimum, high: summary.maximum))
      }
      if groups[others] == nil { order.append(others) }
      groups[others] = group
    }
    // One point is a point too; a group without any has nothing to show but where it diverged.
    order.removeAll { groups[$0]?.points.isEmpty ?? true }
    guard order.contains(where: { (groups[$0]?.points.count ?? 0) > 1 }) else { return nil }
    // The lines with the lowest points are named.
    let means = groups.mapValues { $0.points.map(\.mean).min() ?? .infinity }
    let lowest = order.sorted { means[$0, default: .infinity] < means[$1, default: .infinity] }
    let named = order.count <= ChartPalette.series.count ? order : Array(lowest.prefix(ChartPalette.series.count))
    let lines = order.map { settings in
      let position = named.firstIndex(of: settings)
      let group = groups[settings] ?? Group(name: "")
      return LineChart.Line(
        label: position.map { _ in group.name }, color: position.map { ChartPalette.series[$0] } ?? ChartPalette.pale,
        points: group.points.sorted { $0.x < $1.x }, exits: group.exits)
    }
    let losses = ValueScale.tame(lines.flatMap { $0.points.flatMap { [$0.low, $0.mean, $0.high] } })
    let rates = lines.flatMap { $0.points.map(\.x) + $0.exits }
    let isWide = (losses.min() ?? 0) > 0 && (losses.max() ?? 0) > 8 * (losses.min() ?? 0)
    let unit = analysis.metric.lossUnit.isEmpty ? "" : " (\(analysis.metric.lossUnit))"
    return LineChart(
      name: "learning-rate", title: "Test loss against the learning rate",
      caption:
        "Test loss at the \(analysis.pointText) against the learning rate: mean over seeds, band from the lowest "
        + "to the highest seed, over the runs that did not diverge.",
      xTitle: "learning rate", yTitle: "test loss\(unit)", x: .logarithmic(over: rates, naming: rates),
      y: isWide ? .logarithmic(over: losses) : .linear(over: losses), lines: lines,
      note: named.count < order.count ? " Grey: the others, which have no point as low." : ""
    ).chart
  }
}
