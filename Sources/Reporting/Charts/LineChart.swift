import Presentation

/// Lines with a band over seeds, each named at its end; a small plot for each where the bands would cover each other.
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
    /// The index of the configuration that it shows, where it shows one.
    var configuration: Int?
    /// Where runs of it diverged: beyond any axis.
    var exits: [Double] = []
    /// Drawn thin and without a band.
    var isPale: Bool { label == nil }
    var hasBand: Bool { !isPale && points.contains { $0.low < $0.high } }
  }

  var name: String
  var title: String
  var caption: String
  var xTitle: String
  /// What the y axis shows, with its unit.
  var yTitle: String
  var x: ValueScale
  var y: ValueScale
  var lines: [Line]
  /// A caption's sentence on the lines that have no name.
  var note = ""

  /// Bands from which on each has a plot of its own: more than four lie over each other as one cloud.
  static let mostBandsTogether = 4
  private static let exitNote =
    " ▲: here a run left the axis at the top, or diverged."
  private static let sameNote = " Dashes of several colours: lines that are the same."

  /// The chart, pale lines at the bottom.
  var chart: Chart {
    let drawn = (lines.filter(\.isPale) + lines.filter { !$0.isPale }).filter {
      !$0.points.isEmpty || !$0.exits.isEmpty
    }
    var chart = Chart(name: name, title: title, caption: caption + y.reason("the upright axis"))
    chart.data = "# x\tmean\tlowest\thighest\n"
    for (index, line) in drawn.enumerated() {
      let heading = line.label ?? "not named"
      chart.data += (index == 0 ? "" : "\n\n") + "# \(PlainText.oneLine(heading))\n"
      // A block without a row would not be counted.
      let points = line.points.isEmpty ? [Point(x: .nan, mean: .nan, low: .nan, high: .nan)] : line.points
      chart.data += points.map { Chart.row([$0.x, $0.mean, $0.low, $0.high]) }.joined()
    }
    if drawn.contains(where: { !exits(of: $0).isEmpty }) { chart.caption += Self.exitNote }
    if drawn.count(where: \.hasBand) > Self.mostBandsTogether {
      addPanels(of: drawn, to: &chart)
    } else {
      chart.caption += note
      addTogether(drawn, to: &chart)
    }
    return chart
  }

  // MARK: Together

  private func addTogether(_ drawn: [Line], to chart: inout Chart) {
    let names = drawn.compactMap(\.label)
    chart.margins.right = 26 + 9 * (names.map(\.terminalColumns).max() ?? 0)
    chart.margins.left = 50 + 9 * y.widestTic
    chart.width = max(chart.width, chart.margins.left + chart.margins.right + 400)
    chart.setup = x.named(within: chart.plotWidth).commands(axis: "x") + y.commands(axis: "y")
    chart.setup += [
      "f(x) = \(y.function)", "g(x) = \(x.function)",
      "set xlabel \(GnuplotText.quoted(xTitle + x.note)) textcolor rgb '\(ChartPalette.muted)' offset 0,0.2",
      chart.uprightTitle(yTitle + y.note),
    ]
    let ends = drawn.filter { !$0.isPale }.compactMap { line -> (Line, Double)? in
      guard let last = line.points.last(where: { $0.mean.isFinite }) else {
        return line.exits.isEmpty ? nil : (line, 1)
      }
      return (line, y.position(last.mean))
    }
    let places = LabelPlaces.spread(ends.map(\.1), gap: 19.0 / Double(chart.plotHeight))
    for (index, (end, place)) in zip(ends, places).enumerated() {
      chart.setup.append(
        "set label \(index + 2) \(GnuplotText.quoted(end.0.label ?? "")) at graph 1.018, graph "
          + "\(NumberText.fixed(place, 4)) left textcolor rgb '\(end.0.color)'")
    }
    chart.setup += marks(of: drawn, from: ends.count + 2)
    for (index, line) in drawn.enumerated() where line.hasBand { chart.plots.append(band(line, index)) }
    let dashes = dashes(of: drawn)
    if dashes.contains(where: { $0 != nil }) { chart.caption += Self.sameNote }
    for (index, line) in drawn.enumerated() {
      chart.plots.append(stroke(line, index, among: drawn) + (dashes[index].map { " dashtype \($0)" } ?? ""))
    }
  }

  /// The dashes of lines that lie on an earlier one all along, so that each colour is seen in turn.
  private func dashes(of drawn: [Line]) -> [String?] {
    let named = drawn.indices.filter { !drawn[$0].isPale && drawn[$0].points.count > 1 }
    let groups = Dictionary(grouping: named) { drawn[$0].points.flatMap { [$0.x, $0.mean] } }
    let length = 8
    var dashes = [String?](repeating: nil, count: drawn.count)
    for group in groups.values {
      for (rank, index) in group.enumerated().dropFirst() {
        dashes[index] = "(\((group.count - rank) * length), \(rank * length))"
      }
    }
    return dashes
  }

  /// A line's band, kept within the axis: what lies beyond would be drawn over the rest of the picture.
  private func band(_ line: Line, _ index: Int) -> String {
    let top = NumberText.exact(y.upper)
    let isCut = line.points.contains { $0.high > y.upper }
    func edge(_ column: String) -> String { isCut ? "f(\(column) > \(top) ? \(top) : \(column))" : "f(\(column))" }
    return "'\(name).tsv' index \(index) using (g($1)):(\(edge("$3"))):(\(edge("$4"))) with filledcurves linecolor rgb "
      + "'\(line.color)' fillstyle transparent solid 0.18 noborder"
  }

  private func stroke(_ line: Line, _ index: Int, among drawn: [Line], color: String? = nil, isThin: Bool = false)
    -> String
  {
    // Marks where there are few points: a single one has no line.
    let longest = drawn.map(\.points.count).max() ?? 0
    let isMarked = longest <= 15 || line.points.count == 1
    let isThin = isThin || line.isPale
    let style = isMarked ? "linespoints pointtype 7 pointsize \(isThin ? 0.35 : 0.6)" : "lines"
    return "'\(name).tsv' index \(index) using (g($1)):(f($2)) with \(style) linewidth \(isThin ? 1 : 2.2) "
      + "linecolor rgb '\(color ?? line.color)'"
  }

  // MARK: Where runs leave

  /// The first place where the mean lies above the axis, and where runs diverged.
  private func exits(of line: Line) -> [Double] {
    guard !line.isPale else { return [] }
    let first = line.points.first { $0.mean.isFinite && $0.mean > y.upper }?.x
    return Array(Set((first.map { [$0] } ?? []) + line.exits)).sorted()
  }

  /// Triangles at the upper edge; those of several lines at the same place stand below each other.
  private func marks(of drawn: [Line], from number: Int) -> [String] {
    var taken: [Int: Int] = [:]
    var commands: [String] = []
    for line in drawn {
      for exit in exits(of: line) {
        let place = x.position(exit)
        // Marks closer than a fiftieth of the plot would cover each other.
        let column = Int((place * 50).rounded())
        let rank = taken[column, default: 0]
        taken[column] = rank + 1
        commands.append(
          "set label \(number + commands.count) '▲' at graph \(NumberText.fixed(place, 4)), graph "
            + "\(NumberText.fixed(0.985 - 0.04 * Double(rank), 3)) center front font ',10' textcolor rgb '\(line.color)'"
        )
      }
    }
    return commands
  }

  // MARK: A plot each

  private func addPanels(of drawn: [Line], to chart: inout Chart) {
    let named = drawn.indices.filter { !drawn[$0].isPale }
    let columns = 3
    let lines = (named.count + columns - 1) / columns
    let longest = named.map { drawn[$0].label?.terminalColumns ?? 0 }.max() ?? 0
    let gap = 24 + 9 * y.widestTic
    let (leftEdge, top, above, plotHeight, below) = (32, 44, 26, 150, 34)
    let pitch = max(230 + gap, 9 * longest + 40)
    chart.width = max(chart.width, leftEdge + columns * pitch + 22)
    let width = (chart.width - leftEdge - 22) / columns
    chart.height = top + lines * (above + plotHeight + below) + 30
    func share(_ pixels: Int, _ whole: Int) -> String { NumberText.exact(Double(pixels) / Double(whole)) }
    chart.setup = [
      "f(x) = \(y.function)", "g(x) = \(x.function)",
      "set label 100000 \(GnuplotText.quoted(yTitle + y.note)) at screen \(share(20, chart.width)), screen 0.5 center rotate "
        + "textcolor rgb '\(ChartPalette.muted)'",
      "set label 100001 \(GnuplotText.quoted(xTitle + x.note)) at screen 0.5, screen \(share(16, chart.height)) center "
        + "textcolor rgb '\(ChartPalette.muted)'",
    ]
    chart.caption +=
      " A plot for each\(note.isEmpty ? "" : " of the best \(named.count)"); grey: the means of the others"
    chart.caption += note.isEmpty ? "." : " that have one."
    let scale = x.named(within: width - gap - 20)
    for (order, own) in named.enumerated() {
      let panelTop = top + (order / columns) * (above + plotHeight + below) + above
      let panelLeft = leftEdge + (order % columns) * width + gap
      let line = drawn[own]
      chart.panels.append(
        Chart.Panel(
          left: panelLeft, right: leftEdge + (order % columns + 1) * width - 12, top: panelTop,
          bottom: panelTop + plotHeight,
          setup: scale.commands(axis: "x") + y.sparse.commands(axis: "y") + [
            "set label 2 \(GnuplotText.quoted(line.label ?? "")) at graph 0, graph 1 left offset 0,0.7 textcolor rgb "
              + "'\(line.color)'"
          ] + marks(of: [line], from: 3),
          plots: named.filter { $0 != own }.map {
            stroke(drawn[$0], $0, among: drawn, color: ChartPalette.pale, isThin: true)
          } + (line.hasBand ? [band(line, own)] : []) + [stroke(line, own, among: drawn)]))
    }
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
