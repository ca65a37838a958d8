import Comparing
import Experiments
import Statistics

/// Numbers over iterations, mean and band over seeds.
enum CurveCharts {
  /// Points along a line at most: more than a screen can show.
  private static let resolution = 150

  /// The curves that a study has: its metric, its training loss, its learning rate.
  static func all(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> [LineChart] {
    let charts = [score(analysis, choice), loss(analysis, choice), rate(analysis, choice)].compactMap { $0 }
    guard analysis.configurations.contains(where: { $0.iterations != nil }) else { return charts }
    return charts.map { chart in
      var chart = chart
      chart.caption += " Where training ends early, a point is of the seeds that were still trained."
      return chart
    }
  }

  /// The training loss, batch by batch where the record has it, otherwise between evaluations.
  static func loss(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> LineChart? {
    let hasCurves = !analysis.lossCurves.isEmpty
    let lines = lines(analysis, choice) { trial in
      hasCurves
        ? (analysis.lossCurves[trial.key] ?? []).map { ($0.iteration, $0.loss) }
        : trial.evaluations.map { ($0.iteration, $0.trainLoss) }
    }
    let all = lines.flatMap { $0.points.map(\.mean) }.filter { $0.isFinite && $0 > 0 }
    let means = ValueScale.tame(all, keeping: whole(lines))
    guard let low = means.min(), let high = means.max() else { return nil }
    let reach = lines.filter { !$0.isPale }.flatMap { $0.points.flatMap { [$0.low, $0.high] } }
    let isWide = high > 8 * low
    let unit = analysis.metric.lossUnit.isEmpty ? "" : " (\(analysis.metric.lossUnit))"
    // A batch that was lucky once must not stretch the axis.
    let shown = reach.filter { $0 <= high * 1.3 && (!isWide || $0 >= low * 0.6) } + means
    return LineChart(
      name: "loss", title: "Training loss over iterations",
      caption: "Training loss over iterations: mean over seeds, band from the lowest to the highest seed"
        + "\(hasCurves ? ", each point a mean over a run of batches" : "").",
      xTitle: "iteration", yTitle: "training loss\(unit)",
      x: iterations(lines), y: isWide ? .logarithmic(over: shown) : .linear(over: shown), lines: lines,
      note: choice.note(analysis))
  }

  /// The learning rate, where a scheduler changes it.
  static func rate(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> LineChart? {
    guard !analysis.rateCurves.isEmpty else { return nil }
    let lines = lines(analysis, choice) { trial in
      // Single rates, the first and the last among them: means over runs would draw steps as slopes.
      let curve = analysis.rateCurves[trial.key] ?? []
      let step = max(1, (curve.count + resolution - 2) / (resolution - 1))
      return curve.enumerated().filter { $0.offset % step == 0 || $0.offset == curve.count - 1 }
        .map { ($0.element.iteration, $0.element.rate) }
    }
    let rates = lines.flatMap { $0.points.flatMap { [$0.low, $0.high] } }
    guard !rates.isEmpty else { return nil }
    return LineChart(
      name: "schedule", title: "Learning rate over iterations",
      caption: "Learning rate of each training step: mean over seeds, band from the lowest to the highest seed."
        + choice.note(analysis),
      xTitle: "iteration", yTitle: "learning rate", x: iterations(lines), y: .linear(over: rates + [0]), lines: lines)
  }

  /// The metric at each evaluation.
  static func score(_ analysis: StudyAnalysis, _ choice: SeriesChoice) -> LineChart? {
    let metric = analysis.metric
    let lines = lines(analysis, choice) { trial in
      trial.evaluations.compactMap { evaluation in metric.value(evaluation).map { (evaluation.iteration, $0) } }
    }
    let all = lines.flatMap { $0.points.map(\.mean) }.filter(\.isFinite)
    let means = metric.kind == .accuracy ? all : ValueScale.tame(all, keeping: whole(lines))
    guard let low = means.min(), let high = means.max() else { return nil }
    let edges: [Double] = lines.filter { !$0.isPale }.flatMap { $0.points.flatMap { [$0.low, $0.high] } }
    let highest = metric.kind == .accuracy ? .infinity : high * 1.3
    let named = edges.filter { $0.isFinite && $0 <= highest }
    let y: ValueScale
    if metric.kind == .accuracy {
      let testCount = analysis.configurations.first?.record.configuration.dataset?.testCount ?? 0
      y = .accuracy(over: named + means, testCount: testCount)
    } else {
      let isWide = low > 0 && high > 8 * low
      y = isWide ? .logarithmic(over: named + means) : .linear(over: named + means)
    }
    return LineChart(
      name: metric.kind == .accuracy ? "accuracy" : "score", title: "\(metric.name.capitalizedFirst) over iterations",
      caption: "\(metric.name.capitalizedFirst) at each evaluation: mean over seeds, band from the lowest to the "
        + "highest seed.",
      xTitle: "iteration", yTitle: metric.title, x: iterations(lines), y: y, lines: lines, note: choice.note(analysis))
  }

  /// The last values of the configurations of which no run diverged: an axis shows them, however large they are.
  private static func whole(_ lines: [LineChart.Line]) -> [Double] {
    lines.filter(\.exits.isEmpty).compactMap { $0.points.last { $0.mean.isFinite }?.mean }
  }

  private static func iterations(_ lines: [LineChart.Line]) -> ValueScale {
    let ends = lines.flatMap { [$0.points.first?.x, $0.points.last?.x] }.compactMap { $0 }
    return .linear(over: Set(ends).count > 1 ? ends : ends + [0], within: 0 ... .infinity)
  }

  private static func lines(
    _ analysis: StudyAnalysis, _ choice: SeriesChoice, values: (TrialRecord) -> [(Int, Double)]
  ) -> [LineChart.Line] {
    (choice.pale + choice.named).map { index in
      let all = analysis.configurations[index].trials.map(\.record)
      // Diverged trials are in no mean; where there are no others, their beginning is better than nothing.
      let sound = all.filter { $0.state == .done || $0.state == .running }
      let trials = sound.isEmpty ? all.filter { $0.state == .diverged } : sound
      return LineChart.Line(
        label: choice.label(index), color: choice.color(index), points: points(trials.map(values)),
        configuration: index,
        exits: all.compactMap { trial in
          guard case .diverged(let iteration)? = trial.result?.outcome else { return nil }
          return Double(iteration)
        })
    }
  }

  /// The mean and the reach over seeds; iterations are gathered into runs where there are many.
  private static func points(_ curves: [[(Int, Double)]]) -> [LineChart.Point] {
    let iterations = Set(curves.flatMap { $0.map(\.0) }).sorted()
    guard let last = iterations.last, last > 0 else { return [] }
    let runs = min(resolution, curves.map(\.count).filter { $0 > 0 }.min() ?? 0)
    let isGathered = iterations.count > resolution
    func run(_ iteration: Int) -> Int { isGathered ? (max(1, iteration) - 1) * runs / last : iteration }
    var perRun: [Int: [Double]] = [:]
    for curve in curves {
      var sums: [Int: (sum: Double, count: Int)] = [:]
      for (iteration, value) in curve {
        let sum = sums[run(iteration)] ?? (0, 0)
        sums[run(iteration)] = (sum.sum + value, sum.count + 1)
      }
      for (run, sum) in sums {
        let mean = sum.sum / Double(sum.count)
        if mean.isFinite { perRun[run, default: []].append(mean) }
      }
    }
    return perRun.keys.sorted().map { run in
      // The order of the seeds' sum must not depend on a dictionary.
      let values = perRun[run, default: []].sorted()
      let x = isGathered ? (Double(run) + 0.5) * Double(last) / Double(runs) : Double(run)
      return LineChart.Point(x: x.rounded(), mean: mean(values), low: values[0], high: values[values.count - 1])
    }
  }
}
