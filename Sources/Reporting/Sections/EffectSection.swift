import Comparing
import Presentation
import Statistics

/// The effect of each axis by itself.
enum EffectSection {
  /// One row per value; `nil` with fewer than two axes.
  static func section(_ analysis: StudyAnalysis) -> Section? {
    let effects = analysis.effects
    guard !effects.isEmpty else { return nil }
    let metric = analysis.metric
    let paths = analysis.record.axes.map(\.path)
    let rows = effects.sorted { $0.span > $1.span }.flatMap { effect in
      effect.levels.enumerated().map { index, level in
        [
          Table.Cell(index == 0 ? shortName(effect.path, among: paths) : ""),
          Table.Cell(analysis.study.names.text(of: level.value, of: effect.path)), Table.Cell(metric.text(level.score)),
          Table.Cell(level.difference.map(metric.difference) ?? "best"),
          Table.Cell(
            level.difference == nil ? "" : analysis.study.pText(level.p)),
          Table.Cell("\(effect.settingsAveraged)"),
        ]
      }
    }
    let columns = [
      Table.Column(title: "Axis"), Table.Column(title: "Value"),
      Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
      Table.Column(title: "Difference", alignment: .right), Table.Column(title: "p", alignment: .right),
      Table.Column(title: "Averaged over", alignment: .right),
    ]
    return Section(
      id: "effects", title: "Effect of each axis",
      blocks: [
        .table(Table(columns: columns, rows: rows)),
        .paragraph(
          "Mean ± standard deviation over seeds of the average over all settings of the other axes, the axis that "
            + "moves it most first. p as in the ranking, corrected for the values of an axis and for the "
            + "\(effects.count) axes."),
      ] + (analysis.shares.map { shares($0, analysis) } ?? []))
  }

  /// Pairs of axes below this share are one row.
  private static let smallestNamed = 0.005

  private static func shares(_ found: AxisShares, _ analysis: StudyAnalysis) -> [Section.Block] {
    let paths = found.axes.map(\.path)
    func isNamed(_ source: AxisShares.Source) -> Bool {
      source.axes.count == 1 || source.share.share >= smallestNamed || found.shares.pairs.count == 1
    }
    let named = found.largest.filter(isNamed)
    let others = found.largest.filter { !isNamed($0) }
    func row(_ name: String, _ share: VarianceShares.Share) -> [Table.Cell] {
      [
        Table.Cell(name), Table.Cell(AxisShares.text(share.share)),
        Table.Cell(share.byChance.map(AxisShares.text) ?? ""),
      ]
    }
    func sum(_ shares: [VarianceShares.Share]) -> VarianceShares.Share {
      let chances = shares.compactMap(\.byChance)
      return VarianceShares.Share(
        share: shares.reduce(0) { $0 + $1.share }, byChance: chances.isEmpty ? nil : chances.reduce(0, +))
    }
    var rows = named.map { source in
      row(source.axes.map { shortName(paths[$0], among: paths) }.joined(separator: " × "), source.share)
    }
    if !others.isEmpty { rows.append(row("\(counted(others.count, "other pair"))", sum(others.map(\.share)))) }
    if let higher = found.shares.higher { rows.append(row("three axes and more together", higher)) }
    if let seeds = found.shares.seeds, let rest = found.shares.rest {
      rows.append(row("seed", VarianceShares.Share(share: seeds)))
      rows.append(row("noise: seed × configuration", VarianceShares.Share(share: rest)))
    }
    let columns = [
      Table.Column(title: "Source"), Table.Column(title: "Share of variation", alignment: .right),
      Table.Column(title: "By chance", alignment: .right),
    ]
    return [
      .table(Table(columns: columns, rows: rows)),
      .paragraph(
        "Shares of the sum of squares of all scores around their mean, which add up to 100 %: an analysis of variance of "
          + "the whole grid, with seeds as blocks. × stands for what axes do together beyond the sum of each. By chance: "
          + "what noise alone would give a source on average; a share near it shows nothing."),
    ]
  }
}
