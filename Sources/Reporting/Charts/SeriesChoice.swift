import Presentation

/// Which configurations a chart names and in which colour; the same in every chart of a report.
struct SeriesChoice: Sendable {
  /// Indices of the configurations that are named, in the order of their colours.
  let named: [Int]
  /// Indices of those that are drawn pale.
  let pale: [Int]
  /// Configurations up to which all are drawn.
  let most = ChartPalette.series.count + Self.palest
  private static let palest = 60
  private let colors: [Int: String]
  private let labels: [Int: String]

  /// All in file order where there are few, otherwise the best ones.
  init(_ analysis: StudyAnalysis) {
    let scored = analysis.configurations.filter { row in
      row.trials.contains { !$0.record.evaluations.isEmpty || analysis.lossCurves[$0.record.key] != nil }
    }.map(\.index)
    let limit = ChartPalette.series.count
    if scored.count <= limit {
      named = scored
    } else {
      let candidates = Set(scored)
      named = Array(analysis.ranking.filter { candidates.contains($0) }.prefix(limit))
    }
    let chosen = Set(named)
    // Hundreds of pale lines say no more than a few dozen, and make the page heavy.
    let rest = scored.filter { !chosen.contains($0) }
    let step = max(1, (rest.count + Self.palest - 1) / Self.palest)
    pale = stride(from: 0, to: rest.count, by: step).map { rest[$0] }
    colors = Dictionary(uniqueKeysWithValues: zip(named, ChartPalette.series))
    labels = Dictionary(uniqueKeysWithValues: named.map { ($0, analysis.configurations[$0].label) })
  }

  /// The colour of a configuration.
  func color(_ index: Int) -> String { colors[index] ?? ChartPalette.pale }

  /// The name of a configuration beside its line.
  func label(_ index: Int) -> String? { labels[index] }

  /// A caption's note on those that are not named.
  func note(_ analysis: StudyAnalysis) -> String {
    let others = analysis.configurations.count - named.count
    return pale.isEmpty || others <= 0
      ? ""
      : " Named: the best \(named.count); grey: \(pale.count == others ? "the other" : "some of the other") \(NumberText.count(others))."
  }
}
