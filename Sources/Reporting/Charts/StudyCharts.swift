import Experiments
import Statistics

/// The charts that a study's numbers allow, in the order of a report.
enum StudyCharts {
  static func all(_ analysis: StudyAnalysis) -> [Chart] {
    let choice = SeriesChoice(analysis)
    return [
      FinalChart.chart(analysis, choice), CurveCharts.score(analysis, choice)?.chart,
      CurveCharts.loss(analysis, choice)?.chart, CurveCharts.rate(analysis, choice)?.chart,
      HeatMapChart.chart(analysis), ShareChart.chart(analysis), ParallelChart.chart(analysis),
      FinalChart.differences(analysis, choice), RateChart.chart(analysis, choice),
      TuningChart.chart(analysis),
      ParetoChart.chart(analysis, choice), FinalChart.speed(analysis, choice),
    ].compactMap { $0 } + (analysis.history.map(HistoryChart.all) ?? [])
  }
}
