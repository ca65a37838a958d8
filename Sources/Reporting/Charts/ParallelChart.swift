import Comparing
import Experiments
import Presentation
import Statistics

/// Parallel coordinates: a column per axis, a line per configuration through its values to its score.
///
/// Values stand as boxes that the lines enter on the left and leave on the right, ordered by score inside each box, so
/// that lines of equal values lie beside each other instead of on each other.
enum ParallelChart {
  /// A column of boxes.
  private struct Column {
    var title: String
    /// From top to bottom.
    var values: [String]
    /// By configuration, the place of its value in `values`.
    var levels: [Int: Int]
    var left = 0.0
    var right = 0.0
    /// By configuration, the height at which its line goes through.
    var heights: [Int: Double] = [:]
  }

  private static let (mostAxes, mostLines, mostValues, gap) = (7, 400, 12, 84.0)
  /// The colours of the worst and of the best; both stand out from white and from black.
  private static let (worst, best) = (Color(ChartPalette.series[0]), Color(ChartPalette.series[1]))

  /// Three axes and more; two are a heat map.
  static func chart(_ analysis: StudyAnalysis) -> Chart? {
    let metric = analysis.metric
    let axes = analysis.record.axes.filter { $0.values.count > 1 }
    guard axes.count > 2 else { return nil }
    // Of many axes, those that move the score most; of many configurations, some of all ranks.
    let spans = Dictionary(analysis.effects.map { ($0.path, $0.span) }) { first, _ in first }
    let moving = axes.indices.sorted {
      let (a, b) = (spans[axes[$0].path] ?? 0, spans[axes[$1].path] ?? 0)
      return a == b ? $0 < $1 : a > b
    }
    let shownAxes = moving.prefix(mostAxes).sorted().map { axes[$0] }
    let ranked = analysis.study.ranked.filter { $0.score?.mean.isFinite ?? false }
    let step = max(1, (ranked.count + mostLines - 1) / mostLines)
    let lines = stride(from: 0, to: ranked.count, by: step).map { ranked[$0] }
    let paths = axes.map(\.path)
    var columns = shownAxes.compactMap { column($0, lines, title: shortName($0.path, among: paths), analysis) }
    guard columns.count > 2, lines.count > 3 else { return nil }

    let scores = lines.compactMap { $0.score?.mean }
    let testCount = lines.first?.record.configuration.dataset?.testCount ?? 0
    let scale: ValueScale =
      metric.kind == .accuracy
      ? .accuracy(over: scores, testCount: testCount) : .loss(over: ValueScale.tame(scores))
    var caption =
      "Each line is a configuration, through its values to its \(metric.name) at the \(analysis.pointText), mean over "
      + "seeds; vermilion is better, blue worse, the thick line is the best."
    if axes.count > columns.count { caption += " The \(columns.count) of \(axes.count) axes that move it most." }
    if step > 1 {
      caption += " \(NumberText.count(lines.count)) of \(NumberText.count(ranked.count)) configurations, of all ranks."
    }
    var chart = Chart(
      name: "parallel", title: "\(metric.title.capitalizedFirst) along the axes",
      caption: caption + scale.reason("the axis on the right"))
    place(&columns, lines)
    draw(columns, lines, scale, into: &chart, metric)
    return chart
  }

  /// The values of an axis that some line has; numbers that are many are put together in groups of equal size.
  private static func column(
    _ axis: Axis, _ lines: [ConfigurationAnalysis], title: String, _ analysis: StudyAnalysis
  ) -> Column? {
    let values = lines.map { analysis.study.value(of: axis, at: $0) }
    let present = axis.values.filter { values.contains($0) }
    func text(_ value: String) -> String { PlainText.shortened(analysis.names.text(of: value, of: axis.path), to: 24) }
    if present.count <= mostValues {
      var names = present.map(text)
      // A line without the axis goes through a box of its own.
      if values.contains(nil) { names.append("–") }
      let places = values.map { value in value.flatMap { present.firstIndex(of: $0) } ?? present.count }
      return Column(
        title: title, values: names, levels: Dictionary(uniqueKeysWithValues: zip(lines.map(\.index), places)))
    }
    let numbers = values.compactMap { $0.flatMap(Double.init) }
    guard numbers.count == values.count else { return nil }
    let sorted = Set(numbers).sorted()
    let groups = 6
    let starts = (0..<groups).map { sorted[$0 * sorted.count / groups] }
    let names = (0..<groups).map { group in
      let last = group + 1 < groups ? sorted[(group + 1) * sorted.count / groups - 1] : sorted[sorted.count - 1]
      func short(_ value: Double) -> String { NumberText.short(NumberText.rounded(value, digits: 3)) }
      return "\(short(starts[group]))–\(short(last))"
    }
    let places = numbers.map { number in (starts.lastIndex { $0 <= number }) ?? 0 }
    return Column(
      title: title, values: names, levels: Dictionary(uniqueKeysWithValues: zip(lines.map(\.index), places)))
  }

  /// Puts the columns side by side and, within each box, the lines below each other, the best on top.
  private static func place(_ columns: inout [Column], _ lines: [ConfigurationAnalysis]) {
    var x = 0.0
    for index in columns.indices {
      let widest = (columns[index].values + [columns[index].title]).map(\.terminalColumns).max() ?? 0
      columns[index].left = x
      columns[index].right = x + Double(9 * widest + 18)
      x = columns[index].right + gap
      for box in boxes(columns[index]) {
        let members = lines.filter { columns[index].levels[$0.index] == box.level }
        for (place, line) in members.enumerated() {
          let share = (Double(place) + 0.5) / Double(members.count)
          columns[index].heights[line.index] = box.upper - share * (box.upper - box.lower)
        }
      }
    }
  }

  /// The boxes of a column from top to bottom, as high as they have lines, but high enough for a name.
  private static func boxes(_ column: Column) -> [(level: Int, lower: Double, upper: Double)] {
    let count = column.values.count
    let between = 0.03
    let counts = (0..<count).map { level in column.levels.values.count { $0 == level } }
    let room = 1 - between * Double(count - 1)
    let least = 0.5 * room / Double(count)
    let spare = room - least * Double(count)
    let all = Double(max(1, counts.reduce(0, +)))
    var top = 1.0
    return counts.enumerated().map { level, count in
      let height = least + spare * Double(count) / all
      defer { top -= height + between }
      return (level, top - height, top)
    }
  }

  private static func draw(
    _ columns: [Column], _ lines: [ConfigurationAnalysis], _ scale: ValueScale, into chart: inout Chart,
    _ metric: Metric
  ) {
    let end = (columns.last?.right ?? 0) + gap
    let title = metric.title
    chart.margins.left = 24
    chart.margins.right = 28 + 9 * max(scale.widestTic + 1, title.terminalColumns / 2)
    chart.margins.top = 92
    chart.margins.bottom = 26
    let most = columns.map(\.values.count).max() ?? 0
    chart.height = max(420, chart.margins.top + chart.margins.bottom + 44 * most)
    chart.width = max(760, chart.margins.left + chart.margins.right + Int(end))
    let tics = scale.tics.map { tic in
      "\(GnuplotText.quoted(tic.label)) \(NumberText.fixed(scale.position(tic.value), 4))"
    }
    chart.setup = [
      "set xrange [0:\(NumberText.exact(end))]", "set yrange [0:1]", "unset grid", "unset xtics", "unset ytics",
      "set border 8", "set y2range [0:1]", "set y2tics (\(tics.joined(separator: ", ")))",
    ]
    var number = 2
    func label(_ text: String, x: Double, y: String, _ style: String) {
      chart.setup.append(
        "set label \(number) \(GnuplotText.quoted(text)) at first \(NumberText.exact(x)), \(y) center \(style)")
      number += 1
    }
    var object = 1
    for column in columns {
      let center = (column.left + column.right) / 2
      label(column.title, x: center, y: "graph 1", "offset 0,1 textcolor rgb '\(ChartPalette.muted)'")
      for box in boxes(column) {
        chart.setup.append(
          "set object \(object) rectangle from first \(NumberText.exact(column.left)), first \(NumberText.fixed(box.lower, 4)) "
            + "to first \(NumberText.exact(column.right)), first \(NumberText.fixed(box.upper, 4)) front "
            + "fillcolor rgb '\(ChartPalette.grid)' fillstyle solid 1 noborder")
        object += 1
        label(
          column.values[box.level], x: center, y: "first \(NumberText.fixed((box.lower + box.upper) / 2, 4))",
          "front textcolor rgb '\(ChartPalette.ink)'")
      }
    }
    label(title, x: end, y: "graph 1", "offset 0,1 textcolor rgb '\(ChartPalette.muted)'")

    // The worst first, so that the best lies on top.
    let positions = lines.map { scale.position($0.score?.mean ?? .nan) }
    let (low, high) = (positions.min() ?? 0, positions.max() ?? 1)
    chart.data = "# x\theight\tcolour; one block of lines per configuration, the best last\n"
    for (place, line) in lines.enumerated().reversed() {
      let share = high > low ? (positions[place] - low) / (high - low) : 1
      let color = worst.mixed(with: best, share: metric.higherIsBetter ? share : 1 - share).text.dropFirst()
      if place == 0 { chart.data += "\n" }
      chart.data += "\n# \(PlainText.oneLine(line.label))\n"
      for column in columns {
        let height = NumberText.fixed(column.heights[line.index] ?? 0, 4)
        if column.left > 0 { chart.data += "\(NumberText.exact(column.left))\t\(height)\t0x\(color)\n" }
        chart.data += "\(NumberText.exact(column.right))\t\(height)\t0x\(color)\n"
      }
      chart.data += "\(NumberText.exact(end))\t\(NumberText.fixed(positions[place], 4))\t0x\(color)\n"
    }
    let width = lines.count > 100 ? "0.7" : lines.count > 30 ? "1" : "1.5"
    chart.plots = ["0", "1"].map { block in
      "'parallel.tsv' index \(block) using 1:2:3 with lines linewidth \(block == "1" ? "3.2" : width) linecolor rgb variable"
    }
  }
}
