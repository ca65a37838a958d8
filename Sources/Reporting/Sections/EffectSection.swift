import Comparing
import Presentation

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
      ])
  }
}
