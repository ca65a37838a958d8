import Presentation

/// Lines with a band over seeds, each named at its end.
struct LineChart: Sendable {
  /// A line's point: the mean over seeds and how far they reach.
  struct Point: Sendable {
    var x: Double
    var mean: Double
    var low: Double
    var high: Double
  }

  /// A line.
  struct Line: Sendable {
    var label: String?
    var color: String
    var points: [Point]
    /// Drawn thin and without a band.
    var isPale: Bool { label == nil }
  }

  var name: String
  var title: String
  var caption: String
  var xTitle: String
  var yTitle: String
  var x: ValueScale
  var y: ValueScale
  var lines: [Line]

  /// The chart, pale lines at the bottom.
  var chart: Chart {
    let drawn = (lines.filter(\.isPale) + lines.filter { !$0.isPale }).filter { !$0.points.isEmpty }
    let names = drawn.compactMap(\.label)
    var chart = Chart(name: name, title: title, caption: caption)
    chart.margins.right = 26 + 9 * min(28, names.map(\.terminalColumns).max() ?? 0)
    chart.margins.left = 50 + 9 * y.widestTic
    chart.setup = x.commands(axis: "x") + y.commands(axis: "y")
    chart.setup += [
      "f(x) = \(y.function)", "g(x) = \(x.function)",
      "set xlabel \(GnuplotText.quoted(xTitle)) textcolor rgb '\(ChartPalette.muted)' offset 0,0.2",
      chart.uprightTitle(yTitle),
    ]
    let ends = drawn.filter { !$0.isPale }.compactMap { line in
      line.points.last { $0.mean.isFinite }.map { (line, y.position($0.mean)) }
    }
    let places = LabelPlaces.spread(ends.map(\.1), gap: 19.0 / Double(chart.plotHeight))
    for (index, (end, place)) in zip(ends, places).enumerated() {
      chart.setup.append(
        "set label \(index + 2) \(GnuplotText.quoted(end.0.label ?? "")) at graph 1.018, graph "
          + "\(NumberText.fixed(place, 4)) left textcolor rgb '\(end.0.color)'")
    }
    let longest = drawn.map(\.points.count).max() ?? 0
    let file = "'\(name).tsv'"
    chart.data = "# x\tmean\tlowest\thighest\n"
    for (index, line) in drawn.enumerated() {
      let heading = line.label ?? "not named"
      chart.data += (index == 0 ? "" : "\n\n") + "# \(PlainText.oneLine(heading))\n"
      chart.data += line.points.map { Chart.row([$0.x, $0.mean, $0.low, $0.high]) }.joined()
    }
    for (index, line) in drawn.enumerated() where !line.isPale && line.points.contains(where: { $0.low < $0.high }) {
      chart.plots.append(
        "\(file) index \(index) using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '\(line.color)' "
          + "fillstyle transparent solid 0.18 noborder")
    }
    for (index, line) in drawn.enumerated() {
      // Marks where there are few points: a single evaluation has no line.
      let isMarked = longest <= 15 || line.points.count == 1
      let style = isMarked ? "linespoints pointtype 7 pointsize \(line.isPale ? 0.35 : 0.6)" : "lines"
      chart.plots.append(
        "\(file) index \(index) using (g($1)):(f($2)) with \(style) linewidth \(line.isPale ? 1 : 2.2) "
          + "linecolor rgb '\(line.color)'")
    }
    return chart
  }
}

/// Places for names beside lines that end close together.
enum LabelPlaces {
  /// The places, moved apart to at least `gap`, kept in order and within 0...1 as far as they fit.
  static func spread(_ places: [Double], gap: Double) -> [Double] {
    let order = places.indices.sorted { places[$0] == places[$1] ? $0 < $1 : places[$0] < places[$1] }
    // Names that would touch form a block around the mean of where its members want to be.
    var blocks: [(members: [Int], center: Double)] = []
    for index in order {
      blocks.append(([index], places[index]))
      while blocks.count > 1 {
        let (above, below) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
        let reach = gap * Double(above.members.count + below.members.count) / 2
        guard above.center - below.center < reach - 1e-12 else { break }
        blocks.removeLast(2)
        let members = below.members + above.members
        let center = members.reduce(0) { $0 + places[$1] } / Double(members.count)
        let half = gap * Double(members.count - 1) / 2
        blocks.append((members, half * 2 > 1 ? 0.5 : min(1 - half, max(half, center))))
      }
    }
    var result = places
    for block in blocks {
      for (position, index) in block.members.enumerated() {
        result[index] = block.center + gap * (Double(position) - Double(block.members.count - 1) / 2)
      }
    }
    return result
  }
}
