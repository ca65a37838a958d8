import Presentation

/// A report section by section, before it is in any syntax.
enum ReportSections {
  /// The sections that a terminal shows at the end of a run.
  static func terminal(_ analysis: StudyAnalysis) -> [Section] {
    [
      SummarySection.section(analysis), RankingSection.section(analysis, limit: 60, withCosts: false),
      TuningSection.section(analysis), FailureSection.section(analysis, limit: 20),
    ].compactMap { $0 }
  }

  /// The sections before the charts.
  ///
  /// - Parameter limit: rows of the ranking at most.
  static func beforeCharts(_ analysis: StudyAnalysis, limit: Int = 100) -> [Section] {
    [
      SummarySection.section(analysis), RankingSection.section(analysis, limit: limit),
      TuningSection.section(analysis), PairSection.section(analysis), ImageSection.section(analysis),
      EffectSection.section(analysis), InteractionSection.section(analysis), ClassSection.section(analysis),
      FailureSection.section(analysis, limit: min(50, limit)),
    ].compactMap { $0 }
  }

  /// The title, or the name where there is none.
  static func title(_ analysis: StudyAnalysis) -> String {
    let title = PlainText.oneLine(analysis.record.title)
    return PlainText.shortened(title.isEmpty ? analysis.record.name : title, to: 120)
  }
}
