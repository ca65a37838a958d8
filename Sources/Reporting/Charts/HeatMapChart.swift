import Comparing
import Experiments
import Presentation
import Statistics

/// The score over the two axes that move it most.
enum HeatMapChart {
  private struct Cell {
    var column: Int
    var row: Int
    var scores: [Double]
  }

  static func chart(_ analysis: StudyAnalysis) -> Chart? {
    guard let leading = analysis.leadingAxes else { return nil }
    let (x, y) = placed(leading)
    var cells: [[Int]: Cell] = [:]
    for configuration in analysis.configurations {
      guard let score = configuration.score?.mean, let column = place(x, configuration, analysis),
        let row = place(y, configuration, analysis)
      else { continue }
      cells[[row, column], default: Cell(column: column, row: row, scores: [])].scores.append(score)
    }
    guard cells.count > 1, x.values.count <= 24, y.values.count <= 40 else { return nil }
    return draw(cells.values.sorted { ($0.row, $0.column) < ($1.row, $1.column) }, x: x, y: y, analysis)
  }

  /// The axis with the longer names stands upright, where there is room.
  private static func placed(_ axes: (Axis, Axis)) -> (Axis, Axis) {
    func length(_ axis: Axis) -> Int { axis.values.map(\.terminalColumns).max() ?? 0 }
    return length(axes.0) > length(axes.1) ? (axes.1, axes.0) : axes
  }

  private static func place(_ axis: Axis, _ row: ConfigurationAnalysis, _ analysis: StudyAnalysis) -> Int? {
    analysis.study.value(of: axis, at: row).flatMap { axis.values.firstIndex(of: $0) }
  }

  private static func draw(
    _ cells: [Cell], x: Axis, y: Axis, _ analysis: StudyAnalysis
  ) -> Chart {
    let metric = analysis.metric
    let paths = analysis.record.axes.filter { $0.values.count > 1 }.map(\.path)
    let others = paths.filter { $0 != x.path && $0 != y.path }.map { shortName($0, among: paths) }
    let averaged = others.isEmpty ? "" : ", averaged over \(others.joined(separator: ", "))"
    let means = cells.map { mean($0.scores) }
    let testCount = analysis.configurations.first?.record.configuration.dataset?.testCount ?? 0
    let scale: ValueScale =
      metric.kind == .accuracy ? .accuracy(over: means, testCount: testCount) : .loss(over: means)
    var chart = Chart(
      name: "heatmap",
      title: "\(metric.title.capitalizedFirst) over \(shortName(x.path, among: paths)) and "
        + shortName(y.path, among: paths),
      caption: "\(metric.title.capitalizedFirst) at the \(analysis.pointText), mean over seeds\(averaged). "
        + "Yellow is \(metric.higherIsBetter ? "better" : "worse"), dark violet \(metric.higherIsBetter ? "worse" : "better"); "
        + "the best cell is framed; one without a number has no trial that ran to its end."
        + scale.reason("the colours"))
    let columnLabels = x.values.map { analysis.names.text(of: $0, of: x.path) }
    let rowLabels = y.values.map { analysis.names.text(of: $0, of: y.path) }
    let cellWidth = max(64, 10 * (columnLabels.map(\.terminalColumns).max() ?? 0) + 12)
    chart.margins.bottom = 78
    chart.margins.left = 62 + 9 * (rowLabels.map(\.terminalColumns).max() ?? 0)
    chart.width = max(760, chart.margins.left + chart.margins.right + cellWidth * x.values.count)
    let pitch = y.values.count > 10 ? 32 : 46
    chart.height = chart.margins.top + chart.margins.bottom + pitch * max(2, y.values.count)
    chart.setup = [
      "set xrange [-0.5:\(x.values.count - 1).5]", "set yrange [-\(y.values.count - 1).5:0.5]", "unset grid",
      "unset border", "set tics scale 0", "unset xtics", "unset ytics",
      "set xlabel \(GnuplotText.quoted(shortName(x.path, among: paths))) textcolor rgb '\(ChartPalette.muted)' offset 0,-1.4",
      chart.uprightTitle(shortName(y.path, among: paths)),
    ]
    var number = 2
    func label(_ text: String, at place: String, _ style: String) {
      chart.setup.append("set label \(number) \(GnuplotText.quoted(text)) at \(place) \(style)")
      number += 1
    }
    for (index, text) in columnLabels.enumerated() {
      label(text, at: "first \(index), graph 0", "offset 0,-0.9 center textcolor rgb '\(ChartPalette.ink)'")
    }
    for (index, text) in rowLabels.enumerated() {
      label(text, at: "graph 0, first -\(index)", "offset -1,0 right textcolor rgb '\(ChartPalette.ink)'")
    }
    chart.data = "# column\trow\tmean\tcolour\n"
    let best = (metric.higherIsBetter ? means.max() : means.min()).flatMap { means.firstIndex(of: $0) }
    if let best {
      let cell = cells[best]
      chart.setup.append(
        "set object 1 rectangle center first \(cell.column), first -\(cell.row) size first 0.93, first 0.88 front "
          + "fillstyle empty border linecolor rgb '#000001' linewidth 2.2")
    }
    // Not quite white and black, which a page's own colours would replace.
    for (cell, mean) in zip(cells, means) {
      let color = Color.heat(scale.position(mean))
      chart.data += "\(cell.column)\t-\(cell.row)\t\(NumberText.exact(mean))\t0x\(color.text.dropFirst())\n"
      label(
        metric.text(mean), at: "first \(cell.column), first -\(cell.row)",
        "center front textcolor rgb '\(color.isDark ? "#fefefe" : "#000001")'")
    }
    chart.plots = [
      "'heatmap.tsv' using 1:2:(0.485):(0.48):4 with boxxyerror linecolor rgb variable fillstyle solid 1 noborder"
    ]
    return chart
  }
}
