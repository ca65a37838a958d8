import Comparing
import Experiments
import Presentation
import Statistics

/// Time against score: what a better score costs, and which configurations are beaten in both.
enum ParetoChart {
  private struct Spot {
    var row: ConfigurationAnalysis
    var seconds: Double
    var score: Double
  }

  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let metric = analysis.metric
    let spots = analysis.configurations.compactMap { row -> Spot? in
      guard let score = row.score?.mean, let seconds = row.wallSeconds?.mean, seconds > 0 else { return nil }
      return Spot(row: row, seconds: seconds, score: score)
    }
    guard spots.count > 1 else { return nil }
    let front = front(spots, higherIsBetter: metric.higherIsBetter)
    let seconds = spots.map(\.seconds)
    let isWide = (seconds.max() ?? 0) > 8 * (seconds.min() ?? 1)
    let x: ValueScale = isWide ? .logarithmic(over: seconds) : .linear(over: seconds + [0], within: 0 ... .infinity)
    let testCount = analysis.configurations.first?.record.configuration.dataset?.testCount ?? 0
    let y: ValueScale =
      metric.kind == .accuracy
      ? .accuracy(over: spots.map(\.score), testCount: testCount) : .loss(over: ValueScale.tame(spots.map(\.score)))
    var chart = Chart(
      name: "time", title: "\(metric.name.capitalizedFirst) against training time",
      caption: "Mean \(metric.name) against mean training time of a trial. The line joins the configurations that none "
        + "beats in both.\(x.reason("the axis of time"))\(y.reason("the upright axis"))\(choice.note(analysis))")
    let names = choice.named.compactMap { choice.label($0) }
    chart.margins.right = 26 + 9 * (names.map(\.terminalColumns).max() ?? 0)
    chart.margins.left = 50 + 9 * y.widestTic
    chart.width = max(chart.width, chart.margins.left + chart.margins.right + 400)
    chart.setup =
      x.named(within: chart.plotWidth).commands(axis: "x") + y.commands(axis: "y") + [
        "f(x) = \(y.function)", "g(x) = \(x.function)",
        "set xlabel \(GnuplotText.quoted("training time of a trial (s)\(x.note)")) textcolor rgb '\(ChartPalette.muted)' offset 0,0.2",
        chart.uprightTitle(metric.title + y.note),
      ]
    let file = "'time.tsv'"
    chart.data = "# The front\n# seconds\tscore\n" + front.map { Chart.row([$0.seconds, $0.score]) }.joined()
    chart.plots = [
      "\(file) index 0 using (g($1)):(f($2)) with lines linewidth 1.4 dashtype 2 linecolor rgb '\(ChartPalette.muted)'"
    ]
    let named = Set(choice.named)
    let labelled = spots.filter { named.contains($0.row.index) }
    let others = spots.filter { !named.contains($0.row.index) }
    func draw(_ spots: [Spot], heading: String, color: String, size: Double) {
      let index = chart.plots.count
      chart.data += "\n\n# \(PlainText.oneLine(heading))\n" + spots.map { Chart.row([$0.seconds, $0.score]) }.joined()
      chart.plots.append(
        "\(file) index \(index) using (g($1)):(f($2)) with points pointtype 7 pointsize \(size) linecolor rgb '\(color)'"
      )
    }
    if !others.isEmpty { draw(others, heading: "not named", color: ChartPalette.pale, size: 0.6) }
    for spot in labelled {
      draw([spot], heading: spot.row.label, color: choice.color(spot.row.index), size: 1.1)
    }
    func place(_ spot: Spot) -> (Double, Double) { (x.position(spot.seconds), y.position(spot.score)) }
    let boxes = SpotLabels.placed(
      labelled.map(place), besides: others.map(place) + along(front.map(place)),
      widths: labelled.map {
        8.6 * Double((choice.label($0.row.index) ?? "").terminalColumns) / Double(chart.plotWidth)
      },
      height: 19 / Double(chart.plotHeight), gap: 11 / Double(chart.plotWidth))
    let beyond = spots.filter { $0.score > y.upper }
    for (index, spot) in beyond.enumerated() {
      chart.setup.append(
        "set label \(100 + index) '▲' at graph \(NumberText.fixed(x.position(spot.seconds), 4)), graph 0.985 center front "
          + "font ',10' textcolor rgb '\(choice.color(spot.row.index))'")
    }
    if !beyond.isEmpty { chart.caption += " ▲: beyond the axis." }
    for (index, (spot, place)) in zip(labelled, boxes).enumerated() {
      if let tie = place.tie {
        chart.setup.append(
          "set arrow \(index + 1) from graph \(NumberText.exact(tie.x)), graph \(NumberText.exact(tie.y)) to first "
            + "\(NumberText.exact(x.coordinate(spot.seconds))), first \(NumberText.exact(y.coordinate(spot.score))) nohead "
            + "linewidth 0.8 linecolor rgb '\(choice.color(spot.row.index))'")
      }
      chart.setup.append(
        "set label \(index + 2) \(GnuplotText.quoted(choice.label(spot.row.index) ?? "")) at graph "
          + "\(NumberText.exact(place.x)), graph \(NumberText.exact(place.y)) \(place.isLeft ? "right" : "left") textcolor rgb '\(choice.color(spot.row.index))'"
      )
    }
    return chart
  }

  /// Points along a line, close enough that no name fits between them.
  private static func along(_ corners: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    zip(corners, corners.dropFirst()).flatMap { from, to in
      (0...40).map { step in
        let share = Double(step) / 40
        return (from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
      }
    }
  }

  /// Those than which no other is both faster and better, fastest first.
  private static func front(_ spots: [Spot], higherIsBetter: Bool) -> [Spot] {
    var front: [Spot] = []
    let ordered = spots.sorted {
      $0.seconds == $1.seconds
        ? ($0.score > $1.score) == higherIsBetter && $0.score != $1.score : $0.seconds < $1.seconds
    }
    for spot in ordered {
      guard let last = front.last else {
        front.append(spot)
        continue
      }
      if spot.score != last.score, (spot.score > last.score) == higherIsBetter { front.append(spot) }
    }
    return front
  }
}
