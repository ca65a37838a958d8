import Presentation

/// A report section by section, before it is in any syntax.
enum ReportSections {
  /// The whole as text: the answer, then what it rests on.
  static func text(_ analysis: StudyAnalysis) -> [Section] {
    answer(analysis, limit: 60)
      + [
        SummarySection.section(analysis, isBelowAnswer: true), ScoreSection.section(analysis, limit: 60),
        TuningSection.section(analysis), FailureSection.section(analysis, limit: 20),
        RankingSection.notes(analysis),
      ].compactMap { $0 }
  }

  /// The result as a sentence, the ranking, and what must be known to believe it.
  ///
  /// - Parameter limit: rows of the ranking at most.
  static func answer(_ analysis: StudyAnalysis, limit: Int) -> [Section] {
    var first = Section(
      id: "answer", title: "Result",
      blocks: [.paragraph(ResultSentence.text(analysis)), .paragraph(SummarySection.overview(analysis))]
        + SummarySection.annotations(analysis))
    if analysis.configurations.contains(where: { $0.score != nil }),
      let table = RankingSection.table(analysis, limit: limit, withCosts: false)
    {
      first.blocks.append(.table(table))
    }
    let more = analysis.configurations.count - limit
    let notes =
      (more > 0 ? ["\(NumberText.count(more)) more configurations are in results.csv."] : []) + analysis.caveats
    let names = NamesSection.section(analysis, limit: limit, isBrief: true)
    first.blocks += (names?.blocks ?? []) + (notes.isEmpty ? [] : [.list(notes)])
    return [first]
  }

  /// The sections before the charts.
  ///
  /// - Parameter limit: rows of the ranking at most.
  static func beforeCharts(_ analysis: StudyAnalysis, limit: Int = 100) -> [Section] {
    [
      SummarySection.section(analysis), RankingSection.section(analysis, limit: limit),
      NamesSection.section(analysis, limit: limit),
    ].compactMap { $0 } + findings(analysis, limit: limit)
  }

  /// What was trained, below the answer: the ranking with its notes, the settings, the names.
  static func settings(_ analysis: StudyAnalysis, limit: Int = 100) -> [Section] {
    [
      RankingSection.section(analysis, limit: limit), SummarySection.section(analysis, isBelowAnswer: true),
      NamesSection.section(analysis, limit: limit),
    ].compactMap { $0 }
  }

  /// What follows from the ranking, and what went wrong.
  static func findings(_ analysis: StudyAnalysis, limit: Int = 100) -> [Section] {
    [
      ScoreSection.section(analysis, limit: limit), TuningSection.section(analysis), PairSection.section(analysis),
      ImageSection.section(analysis),
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
