import Comparing
import Experiments
import Presentation
import Statistics

/// The validation score to be expected of the best of 1, 2, … tried values of the tuned axis, a line for each
/// configuration: what a smaller budget would have found.
enum TuningChart {
  /// Lines without a name that are drawn at most.
  private static let palest = 60

  static func chart(_ analysis: StudyAnalysis) -> Chart? {
    guard let tuning = analysis.tuning else { return nil }
    let metric = tuning.metric
    let curves = tuning.choices.map { (choice: $0, values: tuning.expectedBest($0)) }.filter { !$0.values.isEmpty }
    let most = curves.map(\.values.count).max() ?? 0
    guard most > 1 else { return nil }
    // Of many, those that end best are named.
    let ranked = curves.indices.sorted { first, second in
      let (a, b) = (curves[first].values.last ?? .nan, curves[second].values.last ?? .nan)
      return a == b ? first < second : (a > b) == metric.higherIsBetter
    }
    let limit = ChartPalette.series.count
    let named = curves.count <= limit ? Array(curves.indices) : Array(ranked.prefix(limit))
    let others = ranked.filter { !named.contains($0) }
    let step = max(1, (others.count + palest - 1) / palest)
    let pale = stride(from: 0, to: others.count, by: step).map { others[$0] }
    let lines = (pale + named).map { index in
      let position = named.firstIndex(of: index)
      return LineChart.Line(
        label: position.map { curves[named[$0]].choice.shortName },
        color: position.map { ChartPalette.series[$0] } ?? ChartPalette.pale,
        points: curves[index].values.enumerated().map { place, value in
          LineChart.Point(x: Double(place + 1), mean: value, low: value, high: value)
        })
    }
    let name = shortName(tuning.axis.path, among: analysis.record.axes.map(\.path))
    let scores = curves.flatMap(\.values)
    let validationCount = curves.map(\.choice).first.flatMap { choice in
      analysis.configurations.first { $0.record.configuration.label == choice.label }
    }?.record.configuration.dataset?.validationCount
    let y: ValueScale =
      metric.kind == .accuracy ? .accuracy(over: scores, testCount: validationCount ?? 0) : .loss(over: scores)
    return LineChart(
      name: "tuning", title: "Best \(metric.name) against the number of values tried",
      caption: caption(tuning, name: name),
      xTitle: "number of values of \(name) tried", yTitle: "expected best \(metric.title)",
      x: counts(to: most), y: y, lines: lines, note: note(named: named.count, pale: pale.count, others: others.count)
    ).chart
  }

  private static func note(named: Int, pale: Int, others: Int) -> String {
    let which = pale == others ? "the other" : "some of the other"
    return others == 0 ? "" : " Named: the best \(named); grey: \(which) \(NumberText.count(others))."
  }

  private static func caption(_ tuning: Tuning, name: String) -> String {
    let hasFailures = tuning.choices.contains { !$0.failed.isEmpty }
    return "The best \(tuning.metric.name) to be expected of so many values of \(name), picked at random from those "
      + "that were tried: the mean over all such picks (Dodge et al. 2019, arXiv:1909.03004; without replacement, as "
      + "Tang et al. 2020, arXiv:2004.13705, ask for). A value counts with its mean over seeds"
      + (hasFailures ? "; one at which trials diverged or failed counts as the worst value seen" : "")
      + ". Compare lines at the same number of values\(tuning.hasEqualBudgets ? "" : ": not all tried as many")."
  }

  /// An axis from 1 to `most`, named at whole numbers.
  private static func counts(to most: Int) -> ValueScale {
    let step = [1, 2, 5, 10, 20, 50, 100, 200, 500].first { most / $0 <= 12 } ?? most / 10
    let tics = [1] + stride(from: max(2, step), through: most, by: step)
    let room = Double(most - 1) * 0.03
    return ValueScale(
      kind: .linear, lower: 1 - room, upper: Double(most) + room, tics: tics.map { (Double($0), NumberText.count($0)) })
  }
}
