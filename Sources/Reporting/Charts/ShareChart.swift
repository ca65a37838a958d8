import Presentation
import Statistics

/// How much of the variation goes with each axis and each pair of axes, as bars.
enum ShareChart {
  private struct Bar {
    var name: String
    var share: VarianceShares.Share
    var color: String
  }

  /// Axes and pairs that have a bar of their own.
  private static let most = 12

  static func chart(_ analysis: StudyAnalysis) -> Chart? {
    guard let found = analysis.shares else { return nil }
    let bars = bars(found)
    var chart = Chart(
      name: "variation", title: "Share of the variation of \(analysis.metric.name)",
      caption:
        "How much of the sum of squares of all scores goes with each axis, with pairs of axes (×: beyond the sum "
        + "of both) and with the seeds; the bars add up to 100 %.")
    if bars.contains(where: { $0.share.byChance != nil }) {
      chart.caption += " The stroke in a bar: what noise alone would give on average; a bar no longer shows nothing."
    }
    chart.margins.left = 30 + Int(9.4 * Double(bars.map(\.name.terminalColumns).max() ?? 0))
    chart.margins.right = 96
    chart.width = max(760, chart.margins.left + chart.margins.right + 280)
    chart.height = chart.margins.top + chart.margins.bottom + 8 + 34 * bars.count
    chart.margins.bottom += 8
    let longest = bars.map { max($0.share.share, $0.share.byChance ?? 0) }.max() ?? 1
    let scale = ValueScale.linear(over: [0, longest], zoom: 100, within: 0...1).named(within: chart.plotWidth)
    chart.setup =
      scale.commands(axis: "x") + [
        "set yrange [-\(bars.count - 1).6:0.6]", "unset ytics", "set border 1",
        "set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '\(ChartPalette.grid)'",
        "set xlabel 'share of the variation (%)' textcolor rgb '\(ChartPalette.muted)' offset 0,0.2",
      ]
    chart.data = "# share\ty\tcolour\n"
    var chances = ""
    for (index, bar) in bars.enumerated() {
      chart.setup.append(
        "set label \(2 * index + 2) \(GnuplotText.quoted(bar.name)) at graph -0.02, first -\(index) right "
          + "textcolor rgb '\(ChartPalette.ink)'")
      chart.setup.append(
        "set label \(2 * index + 3) '\(AxisShares.text(bar.share.share))' at graph 1.02, first -\(index) left "
          + "textcolor rgb '\(ChartPalette.ink)'")
      chart.data += "\(NumberText.exact(bar.share.share))\t-\(index)\t0x\(bar.color.dropFirst())\n"
      if let chance = bar.share.byChance { chances += Chart.row([chance, -Double(index)]) }
    }
    chart.plots = [
      "'variation.tsv' index 0 using ($1 / 2):2:($1 / 2):(0.3):3 with boxxyerror linecolor rgb variable fillstyle solid 1 noborder"
    ]
    if !chances.isEmpty {
      chart.data += "\n\n# by chance\ty\n" + chances
      chart.plots.append(
        "'variation.tsv' index 1 using 1:($2 - 0.38):(0):(0.76) with vectors nohead linewidth 2.4 "
          + "linecolor rgb '\(ChartPalette.ink)'")
    }
    return chart
  }

  private static func bars(_ found: AxisShares) -> [Bar] {
    let paths = found.axes.map(\.path)
    let largest = found.largest
    let named = largest.count <= most ? largest : largest.filter { $0.axes.count == 1 || $0.share.share >= 0.005 }
    var bars = named.prefix(most).map { source in
      Bar(
        name: source.axes.map { shortName(paths[$0], among: paths) }.joined(separator: " × "), share: source.share,
        color: ChartPalette.series[source.axes.count == 1 ? 0 : 5])
    }
    let others = largest.count - bars.count
    if others > 0 {
      let shown = bars.reduce(0) { $0 + $1.share.share }
      let all = largest.reduce(0) { $0 + $1.share.share }
      bars.append(
        Bar(
          name: "\(NumberText.count(others)) others", share: VarianceShares.Share(share: max(0, all - shown)),
          color: ChartPalette.series[5]))
    }
    if let higher = found.shares.higher {
      bars.append(Bar(name: "three and more together", share: higher, color: ChartPalette.series[5]))
    }
    for (name, share) in [("seed", found.shares.seeds), ("noise: seed × configuration", found.shares.rest)] {
      guard let share else { continue }
      bars.append(Bar(name: name, share: VarianceShares.Share(share: share), color: ChartPalette.pale))
    }
    return bars
  }
}
