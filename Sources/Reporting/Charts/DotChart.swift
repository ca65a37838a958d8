import Presentation

/// One row per configuration: its seeds as points, the mean as a stroke, the interval as a bar.
struct DotChart: Sendable {
  /// A row.
  struct Row: Sendable {
    var label: String
    var color: String
    var points: [Double]
    var mean: Double
    var interval: (lower: Double, upper: Double)?
    /// The text at the row's end.
    var text: String
  }

  var name: String
  var title: String
  var caption: String
  var xTitle: String
  var x: ValueScale
  /// A value that a line marks.
  var reference: Double?
  /// From top to bottom.
  var rows: [Row]

  private static let edgeNote = " A triangle at the edge stands for seeds beyond it."

  var chart: Chart {
    var chart = Chart(name: name, title: title, caption: caption)
    let pitch = rows.count > 16 ? 24 : (rows.count > 8 ? 28 : 38)
    let labels = rows.map(\.label)
    chart.margins.left = 30 + Int(9.4 * Double(labels.map(\.terminalColumns).max() ?? 0))
    chart.margins.right = 30 + Int(8.8 * Double(rows.map { $0.text.terminalColumns }.max() ?? 0))
    chart.width = max(760, chart.margins.left + chart.margins.right + 280)
    // A low chart's axis title needs more room than its share: gnuplot places it by the height of a line.
    chart.margins.bottom += 8
    chart.height = chart.margins.top + chart.margins.bottom + pitch * max(2, rows.count)
    chart.caption += x.reason("the axis")
    chart.setup = x.named(within: chart.plotWidth).commands(axis: "x")
    chart.setup += [
      "f(x) = \(x.function)", "set yrange [-\(rows.count - 1).6:0.6]", "unset ytics", "set border 1",
      "set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '\(ChartPalette.grid)'",
      "set xlabel \(GnuplotText.quoted(xTitle + x.note)) textcolor rgb '\(ChartPalette.muted)' offset 0,0.2",
    ]
    if let reference {
      let place = NumberText.exact(x.coordinate(reference))
      chart.setup.append(
        "set arrow 1 from first \(place), graph 0 to first \(place), graph 1 nohead linewidth 1.4 "
          + "linecolor rgb '\(ChartPalette.muted)' back")
    }
    for (index, row) in rows.enumerated() {
      let ink = row.color == ChartPalette.pale ? ChartPalette.ink : row.color
      chart.setup.append(
        "set label \(2 * index + 2) \(GnuplotText.quoted(labels[index])) at graph -0.02, first -\(index) right "
          + "textcolor rgb '\(ink)'")
      chart.setup.append(
        "set label \(2 * index + 3) \(GnuplotText.quoted(row.text)) at graph 1.02, first -\(index) left "
          + "textcolor rgb '\(ChartPalette.ink)'")
    }
    addMarks(to: &chart)
    return chart
  }

  /// Values beyond the axis are drawn at its edge as an arrow head.
  private func addMarks(to chart: inout Chart) {
    let file = "'\(name).tsv'"
    func edge(_ isLeft: Bool) -> String { NumberText.exact(x.coordinate(isLeft ? x.lower : x.upper)) }
    func isInside(_ value: Double) -> Bool { value >= x.lower && value <= x.upper }
    var blocks: [String] = []
    for row in rows.indices {
      let color = rows[row].color
      let tone = color == ChartPalette.pale ? ChartPalette.muted : color
      let y = -Double(row)
      var lines: [String] = []
      if let interval = rows[row].interval, interval.lower.isFinite, interval.upper.isFinite {
        lines = [Chart.row([interval.lower, y, interval.upper, rows[row].mean])]
        chart.plots.append(
          "\(file) index \(blocks.count) using (f(\(bounded("$1")))):2:(f(\(bounded("$3"))) - f(\(bounded("$1")))):(0) "
            + "with vectors nohead linewidth 9 linecolor rgb '\(ChartPalette.tint(tone))'")
        blocks.append("# \(PlainText.oneLine(rows[row].label)): interval\n# lower\ty\tupper\tmean\n" + lines.joined())
      }
      let inside = rows[row].points.filter(isInside)
      let outside = rows[row].points.filter { !isInside($0) && $0.isFinite }
      if !inside.isEmpty {
        chart.plots.append(
          "\(file) index \(blocks.count) using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '\(tone)'"
        )
        blocks.append(
          "# \(PlainText.oneLine(rows[row].label)): seeds\n# value\ty\n" + inside.map { Chart.row([$0, y]) }.joined())
      }
      if rows[row].mean.isFinite, isInside(rows[row].mean) {
        chart.plots.append(
          "\(file) index \(blocks.count) using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 "
            + "linecolor rgb '\(tone)'")
        blocks.append("# \(PlainText.oneLine(rows[row].label)): mean\n" + Chart.row([rows[row].mean, y]))
      }
      if let value = outside.first {
        if !chart.caption.hasSuffix(Self.edgeNote) { chart.caption += Self.edgeNote }
        let isLeft = value < x.lower
        chart.setup.append(
          "set label \(2 * rows.count + row + 2) '\(isLeft ? "◀" : "▶")' at first \(edge(isLeft)), first -\(row) "
            + "\(isLeft ? "left" : "right") font ',10' textcolor rgb '\(tone)'")
        blocks.append(
          "# \(PlainText.oneLine(rows[row].label)): beyond the \(isLeft ? "left" : "right") edge\n"
            + outside.map { Chart.row([$0, y]) }.joined())
      }
    }
    chart.data = blocks.joined(separator: "\n\n")
    if chart.plots.isEmpty { chart.plots = ["NaN notitle"] }
  }

  private func bounded(_ column: String) -> String {
    let (low, high) = (NumberText.exact(x.lower), NumberText.exact(x.upper))
    return "\(column) < \(low) ? \(low) : (\(column) > \(high) ? \(high) : \(column))"
  }
}
