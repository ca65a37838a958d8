import Comparing
import Experiments
import Presentation
import Statistics

/// A metric night after night: a small panel for each configuration, six to a picture.
struct HistoryChart: Sendable {
  /// The beginning of the names of all such charts.
  static let namePrefix = "history-"
  /// Panels in one picture.
  private static let panelsPerPicture = 6
  /// Panels in all; of more configurations those with changes come first.
  private static let limit = 24

  /// The charts of each metric that any configuration has on two nights.
  static func all(_ history: StudyHistory) -> [Chart] {
    history.metrics.flatMap { metric -> [Chart] in
      let drawable = history.rows.filter { row in
        row.metric == metric && row.series.reduce(0) { $0 + $1.points.count } > 1
      }
      var rows = drawable
      if rows.count > limit { rows = Array((rows.filter(\.hasChanged) + rows.filter { !$0.hasChanged }).prefix(limit)) }
      let pictures = (rows.count + panelsPerPicture - 1) / panelsPerPicture
      return (0..<pictures).map { picture in
        let part = Array(rows[picture * panelsPerPicture..<min(rows.count, (picture + 1) * panelsPerPicture)])
        return HistoryChart(
          history: history, metric: metric, rows: part, picture: picture, pictures: pictures,
          left: drawable.count - rows.count
        ).chart
      }
    }
  }

  let history: StudyHistory
  let metric: ComparedMetric
  let rows: [StudyHistory.Row]
  let picture: Int
  let pictures: Int
  /// Configurations that have no panel in any picture.
  let left: Int

  private var name: String {
    Self.namePrefix + "\(metric.rawValue.replacing("_", with: "-"))" + (pictures > 1 ? "-\(picture + 1)" : "")
  }

  private var columns: Int { rows.count == 1 ? 1 : 2 }

  private var span: (first: Double, last: Double) {
    let nights = rows.flatMap { row in row.series.flatMap { $0.points.map { history.nights[$0.night].recordedAt } } }
    return (nights.min() ?? 0, nights.max() ?? 0)
  }

  private func day(_ seconds: Double) -> Double { (seconds - span.first) / NightDate.secondsPerDay }

  private func day(of point: StudyHistory.Point) -> Double { day(history.nights[point.night].recordedAt) }

  var chart: Chart {
    var chart = Chart(name: name, title: title, caption: caption)
    let lines = (rows.count + columns - 1) / columns
    let plotHeight = rows.count == 1 ? 270 : 140
    let (above, below) = (26, 44)
    let top = 44
    chart.height = top + lines * (above + plotHeight + below) + 30
    let scales = rows.map(scale)
    let leftEdge = 32
    let gap = 24 + 9 * (scales.map(\.widestTic).max() ?? 1)
    let width = (chart.width - leftEdge - 22) / columns
    // Dates are some 50 pixels wide; without a need for more, few are easier to read.
    let x = timeScale(mostTics: max(2, (width - gap) / 80))
    chart.setup = [
      "set label 2 \(GnuplotText.quoted(metric.title)) at screen \(share(20, chart.width)), screen 0.5 center rotate "
        + "textcolor rgb '\(ChartPalette.muted)'",
      "set label 3 \(GnuplotText.quoted(NightDate.axisTitle(from: span.first, to: span.last))) at screen 0.5, screen "
        + "\(share(16, chart.height)) center textcolor rgb '\(ChartPalette.muted)'",
    ]
    for (index, row) in rows.enumerated() {
      let panelTop = top + (index / columns) * (above + plotHeight + below) + above
      let panelLeft = leftEdge + (index % columns) * width + gap
      chart.panels.append(
        panel(
          row, index: index, x: x, y: scales[index], labelLimit: (width - gap) / 9, data: &chart.data,
          edges: (panelLeft, leftEdge + (index % columns + 1) * width - 6, panelTop, panelTop + plotHeight)))
    }
    return chart
  }

  private func share(_ pixels: Int, _ whole: Int) -> String { NumberText.exact(Double(pixels) / Double(whole)) }

  // MARK: Words

  private var title: String {
    let part =
      pictures > 1
      ? " (configurations \(picture * Self.panelsPerPicture + 1) to \(picture * Self.panelsPerPicture + rows.count))"
      : ""
    return "\(metricName.capitalizedFirst), night after night\(part)"
  }

  private var metricName: String {
    switch metric {
    case .imagesPerSecond: "training speed"
    case .wallSeconds: "time of a trial"
    case .cpuSeconds: "processor time of a trial"
    case .peakBytes: "memory of a trial"
    default: metric.rawValue.replacing("_", with: " ")
    }
  }

  private var caption: String {
    var text =
      "\(metricName.capitalizedFirst) of each configuration, night after night: the mean over seeds, with a bar of one "
      + "standard deviation to either side. "
    if rows.contains(where: \.hasChanged) {
      text += "A dashed line stands where the mean changed, a stroke shows the mean of the nights between. "
    } else if rows.contains(where: { $0.series.contains { $0.points.count >= ChangePoints.fewestValues } }) {
      text += "The stroke is the mean of all nights; no change was found. "
    } else {
      text += "There are too few nights to find a change in. "
    }
    if rows.contains(where: { $0.series.count > 1 }) {
      text += "Grey: nights on another machine, with another -j or another program than the latest. "
    }
    text += rows.count > 1 ? "Each panel has a scale of its own." : ""
    if left > 0 { text += " \(NumberText.count(left)) more configurations are in the tables." }
    return text.trimmingSuffix(" ")
  }

  // MARK: Scales

  /// The factor from a stored number to the shown one.
  private var zoom: Double {
    switch metric {
    case .validationAccuracy, .testAccuracy, .bestTestAccuracy: 100
    case .peakBytes: 1e-6
    default: 1
    }
  }

  /// A range that holds all means, and bars as far as they don't squeeze these.
  private func scale(_ row: StudyHistory.Row) -> ValueScale {
    let values = row.series.flatMap { $0.points.map(\.value) }
    let means = values.map(\.mean)
    let (low, high) = (means.min() ?? 0, means.max() ?? 1)
    let usual = Summary(values.compactMap(\.standardDeviation).filter(\.isFinite))?.median ?? 0
    let room = max(high - low, 2 * usual)
    let ends = values.flatMap { value -> [Double] in
      guard let spread = value.standardDeviation, spread.isFinite else { return [] }
      return [value.mean - spread, value.mean + spread]
    }
    let bars = ends.map { min(high + room, max(low - room, $0)) }
    let limits: ClosedRange<Double> = zoom == 100 ? 0...1 : 0 ... .infinity
    let scale = ValueScale.linear(over: means + bars, zoom: zoom, within: limits)
    return rows.count > 1 ? scale.sparse : scale
  }

  private func timeScale(mostTics: Int) -> ValueScale {
    let last = day(span.last)
    let room = last > 0 ? last * 0.04 : 0.5
    // Of a few days the first is named too.
    let midnight = (span.first / NightDate.secondsPerDay).rounded(.down) * NightDate.secondsPerDay
    let start = last > 0.9 && last < 21 ? midnight : span.first
    let tics = NightDate.tics(from: start, to: span.last, most: mostTics).map { (day($0.seconds), $0.label) }
    return ValueScale(kind: .linear, lower: min(-room, day(start)), upper: last + room, tics: tics)
  }

  // MARK: A panel

  private func panel(
    _ row: StudyHistory.Row, index: Int, x: ValueScale, y: ValueScale, labelLimit: Int, data: inout String,
    edges: (left: Int, right: Int, top: Int, bottom: Int)
  ) -> Chart.Panel {
    var panel = Chart.Panel(
      left: edges.left, right: edges.right, top: edges.top, bottom: edges.bottom,
      setup: x.commands(axis: "x") + y.commands(axis: "y"), plots: [])
    panel.setup.append(
      "set label \(index + 10) \(GnuplotText.quoted(PlainText.shortened(row.label, to: labelLimit))) at graph 0, graph 1 left "
        + "offset 0,0.7 textcolor rgb '\(ChartPalette.ink)'")
    let file = "'\(name).tsv'"
    func add(_ heading: String, _ lines: [[Double]]) -> Int {
      let isFirst = data.isEmpty
      data += (isFirst ? "" : "\n\n") + "# \(PlainText.oneLine(row.label)): \(heading)\n"
      data += lines.map(Chart.row).joined()
      return data.ranges(of: "\n\n\n").count
    }
    for (order, series) in row.series.enumerated() {
      let isLatest = order == row.series.count - 1
      let color = isLatest ? ChartPalette.series[0] : ChartPalette.pale
      let points = series.points.map { point in
        let deviation = point.value.standardDeviation.flatMap { $0.isFinite ? $0 : nil } ?? 0
        let (mean, most) = (point.value.mean, zoom == 100 ? 1 : Double.infinity)
        return [day(of: point), mean, max(0, mean - deviation), min(most, mean + deviation)]
      }
      let first = history.nights[series.points[0].night].recordedAt
      let block = add(
        "nights\(isLatest ? "" : " on another machine")\n# days since \(TimeText.exact(span.first)); the first of these "
          + "is \(TimeText.exact(first))\n# day\tmean\tmean - sd\tmean + sd", points)
      let size = points.count > 100 ? 0.25 : (points.count > 30 ? 0.35 : 0.5)
      panel.plots.append(
        "\(file) index \(block) using 1:3:(0):($4-$3) with vectors nohead linewidth \(points.count > 100 ? 1 : 2) "
          + "linecolor rgb '\(isLatest ? ChartPalette.tint(color) : ChartPalette.grid)'")
      panel.plots.append(
        "\(file) index \(block) using 1:2 with points pointtype 7 pointsize \(size) linecolor rgb '\(color)'")
      addLevels(of: series, to: &panel, color: isLatest ? ChartPalette.series[1] : ChartPalette.pale, number: order) {
        lines in
        "\(file) index \(add("levels between changes\n# day\tmean", lines))"
      }
    }
    return panel
  }

  /// The means between changes as strokes, and the changes as dashed lines half way between two nights.
  private func addLevels(
    of series: StudyHistory.Series, to panel: inout Chart.Panel, color: String, number: Int,
    block: ([[Double]]) -> String
  ) {
    guard series.points.count >= ChangePoints.fewestValues else { return }
    func middle(_ change: ChangePoints.Change) -> Double {
      (day(of: series.points[change.lastBefore]) + day(of: series.points[change.index])) / 2
    }
    let changes = series.found.changes.map(middle)
    let starts = [day(of: series.points[0])] + changes
    let ends = changes + [day(of: series.points[series.points.count - 1])]
    for (order, level) in series.found.levels.enumerated() {
      let stroke = block([[starts[order], level.mean], [ends[order], level.mean]])
      panel.plots.append("\(stroke) using 1:2 with lines linewidth 1.8 linecolor rgb '\(color)'")
    }
    for (order, place) in changes.enumerated() {
      let x = NumberText.exact(place)
      panel.setup.append(
        "set arrow \(1000 * number + order + 1) from first \(x), graph 0 to first \(x), graph 1 nohead dashtype 2 "
          + "linewidth 1 linecolor rgb '\(ChartPalette.muted)' back")
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: Character) -> String {
    var text = self
    while text.last == suffix { text.removeLast() }
    return text
  }
}

extension Chart {
  /// Whether it belongs to a report's history, which stands apart from the study's own charts.
  var isOfHistory: Bool { name.hasPrefix(HistoryChart.namePrefix) }
}
