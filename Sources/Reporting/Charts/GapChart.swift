import Experiments
import Presentation
import Statistics

/// How far the test loss lies above the training loss, over iterations: where a configuration begins to overfit.
enum GapChart {
  static func chart(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> Chart? {
    let positions = choice.named
    let labels = PlainText.distinct(
      positions.map { analysis.configurations[$0].record.configuration.label }, limit: 26)
    let lines = zip(positions, labels).enumerated().map { index, entry in
      let row = analysis.configurations[entry.0]
      var gaps: [Int: [Double]] = [:]
      for evaluation in row.trials.flatMap(\.record.evaluations) {
        guard let test = evaluation.test else { continue }
        gaps[evaluation.iteration, default: []].append(test.loss - evaluation.trainLoss)
      }
      let points = gaps.sorted { $0.key < $1.key }.compactMap { iteration, values in
        Summary(values).map {
          LineChart.Point(x: Double(iteration), mean: $0.mean, low: $0.minimum, high: $0.maximum)
        }
      }
      return LineChart.Line(
        label: entry.1, color: ChartPalette.series[index % ChartPalette.series.count], points: points)
    }
    let values = lines.flatMap { $0.points.flatMap { [$0.low, $0.high] } }.filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    return LineChart(
      name: "gap", title: "Test loss above training loss", caption: "Test loss minus training loss: mean over seeds.",
      xTitle: "iteration", yTitle: "difference of losses", x: .linear(over: lines.flatMap { $0.points.map(\.x) }),
      y: .linear(over: values, isSigned: true), lines: lines
    ).chart
  }
}
