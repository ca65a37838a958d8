import Presentation

/// The confusion matrix as a heat map: blue where a class was recognised, vermilion where it was taken for another.
enum ConfusionChart {
  /// - Parameter title: whose matrix it is.
  static func chart(_ matrix: ConfusionMatrix, title: String) -> Chart {
    let classes = matrix.classes.count
    let pitch = classes <= 12 ? 52 : classes <= 26 ? 32 : max(6, 900 / classes)
    let names = PlainText.distinct(matrix.classes, limit: 16)
    let longest = 8 * (names.map(\.terminalColumns).max() ?? 1)
    let areUpright = longest + 6 > pitch
    // Names of more classes than there are lines of text would lie on each other.
    let step = max(1, (15 + pitch) / pitch)
    var chart = Chart(
      name: "confusion", title: "",
      caption: "Test images by their class (rows) and what they were taken for (columns). Right ones are blue, wrong "
        + "ones vermilion, each the darker the larger its share of the class; to the right the share of each class that "
        + "was right.")
    chart.margins = .init(
      left: 56 + longest, right: 100, top: 84 + (areUpright ? longest : 16), bottom: matrix.confusions.isEmpty ? 24 : 66
    )
    chart.width = max(640, chart.margins.left + chart.margins.right + pitch * classes)
    chart.margins.right = chart.width - chart.margins.left - pitch * classes
    chart.height = chart.margins.top + chart.margins.bottom + pitch * classes
    chart.title = PlainText.shortened("\(title): \(matrix.correctText)", to: (chart.width - 28) / 10)
    chart.setup = [
      "set xrange [-0.5:\(classes - 1).5]", "set yrange [\(classes - 1).5:-0.5]", "unset grid", "unset border",
      "unset tics", chart.uprightTitle("truth"),
    ]
    var number = 2
    func label(_ text: String, at place: String, _ style: String) {
      chart.setup.append("set label \(number) \(GnuplotText.quoted(text)) at \(place) \(style)")
      number += 1
    }
    let muted = "textcolor rgb '\(ChartPalette.muted)'"
    let ink = "textcolor rgb '\(ChartPalette.ink)'"
    let screenTop = 1 - 54.0 / Double(chart.height)
    label(
      "taken for", at: "graph 0.5, screen \(NumberText.exact((screenTop * 1e4).rounded() / 1e4))", "center \(muted)")
    label("right", at: "graph 1, graph 1", "offset 1.2,0.8 left \(muted)")
    for (index, name) in names.enumerated() where index % step == 0 {
      label(
        name, at: "first \(index), graph 1",
        areUpright ? "offset 0,0.8 left rotate by 90 \(ink)" : "offset 0,0.8 center \(ink)")
      label(name, at: "graph 0, first \(index)", "offset -0.8,0 right \(ink)")
      label(
        ConfusionMatrix.percent(matrix.accuracy(of: index)), at: "graph 1, first \(index)", "offset 1.2,0 left \(ink)")
    }
    // As many as there is room for, at some nine pixels a character.
    var most = matrix.confusions.prefix(5).map { "\(names[$0.truth]) as \(names[$0.guess]) (\($0.count))" }
    let opening = "Most often confused: "
    while most.count > 1, (opening.count + most.joined(separator: ", ").count) * 9 > chart.width - 28 {
      most.removeLast()
    }
    if !most.isEmpty {
      label(
        opening + most.joined(separator: ", "),
        at: "screen \(NumberText.exact((14e4 / Double(chart.width)).rounded() / 1e4)), graph 0",
        "offset 0,-2 left font ',13' \(muted)")
    }
    let worst = matrix.confusions.map { Double($0.count) / Double(matrix.counts[$0.truth].reduce(0, +)) }.max() ?? 0
    chart.data = "# guess\ttruth\tcount\tshare of the class\tcolour\n"
    for (truth, row) in matrix.counts.enumerated() {
      let examples = row.reduce(0, +)
      for (guess, count) in row.enumerated() {
        let share = examples > 0 ? Double(count) / Double(examples) : 0
        let color = Self.color(share, isRight: truth == guess, worst: max(0.1, worst))
        chart.data +=
          "\(guess)\t\(truth)\t\(count)\t\(NumberText.exact((share * 1e6).rounded() / 1e6))\t"
          + "0x\(color.text.dropFirst())\n"
        // Not quite white and black, which a page's own colours would replace.
        if pitch >= 32, count > 0 {
          label(
            NumberText.count(count), at: "first \(guess), first \(truth)",
            "center front font ',\(pitch > 40 && count < 1000 ? 13 : 10)' textcolor rgb '\(color.isDark ? "#fefefe" : "#000001")'"
          )
        }
      }
    }
    chart.plots = [
      "'confusion.tsv' using 1:2:(0.48):(0.48):5 with boxxyerror linecolor rgb variable fillstyle solid 1 noborder"
    ]
    return chart
  }

  /// From nearly white to blue over the whole range, to vermilion up to the worst: one error in a hundred shows.
  private static func color(_ share: Double, isRight: Bool, worst: Double) -> Color {
    if share == 0 { return Color("#f4f6f8") }
    return isRight
      ? Color("#eaf3f9").mixed(with: Color("#005a8f"), share: share * share)
      : Color("#fdeee4").mixed(with: Color("#b84a00"), share: (share / worst).squareRoot())
  }
}
