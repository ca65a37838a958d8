import Comparing
import Experiments
import Foundation
import Presentation

/// What the page's script shows: configurations, trials and curves as numbers, each configuration's text once.
enum PageData {
  /// Evaluations up to which each trial's are on the page: of more, a comparison of trials shows the last alone.
  private static let evaluationLimit = 20_000
  private static let messageLimit = 300
  /// Above this, numbers of a script are no longer exact.
  private static let exactLimit: UInt64 = 1 << 53

  /// - Parameters:
  ///   - curves: what the page's own chart shows.
  ///   - drawn: the charts that gnuplot drew.
  static func value(
    _ analysis: StudyAnalysis, curves: [LineChart], drawn: [Chart], _ surroundings: PageSurroundings
  ) -> JSONValue {
    let trials = analysis.configurations.flatMap { row in row.trials.map { (row.index, $0) } }
    let paths = analysis.varyingPaths
    let evaluations = trials.reduce(0) { $0 + $1.1.record.evaluations.count }
    let choice = SeriesChoice(analysis)
    let metrics = analysis.study.metrics
    return [
      "axes": .array(paths.map { .string(shortName($0, among: paths)) }),
      "metric": [
        "title": .string(analysis.metric.title.capitalizedFirst), "kind": .string(kind(analysis.metric)),
        "higherIsBetter": .bool(analysis.metric.higherIsBetter),
      ],
      "configurations": .array(analysis.configurations.map { configuration($0, paths: paths, analysis) }),
      "named": .array(choice.named.map { .integer($0) }),
      "columns": .array(columns(analysis)),
      "trials": .array(
        trials.map {
          .array(
            row($0.1, of: analysis.configurations[$0.0].record.configuration, at: $0.0, analysis.metric, metrics))
        }),
      "evaluations": evaluations > evaluationLimit
        ? .null : .array(trials.map { .array($0.1.record.evaluations.map { evaluation($0, analysis.metric) }) }),
      "curves": .array(curves.map { curve($0, analysis.metric) }),
      "drawn": .array(surroundings.hasFiles ? drawn.map { .string($0.name) } : []),
      "pictures": .array(surroundings.trialFolders.map { .string($0) }),
    ]
  }

  private static func kind(_ metric: Metric) -> String { metric.kind == .accuracy ? "percent" : "loss" }

  private static func configuration(
    _ row: ConfigurationAnalysis, paths: [String], _ analysis: StudyAnalysis
  ) -> JSONValue {
    [
      "name": .string(row.label), "label": .string(PlainText.oneLine(row.record.configuration.label)),
      "parameters": .optional(row.record.parameters),
      "values": .array(paths.map { .optional(row.value(of: $0).map(PlainText.oneLine)) }),
    ]
  }

  /// The columns of a trial's row behind its configuration, seed and state: a title, and what kind of value it is.
  private static func columns(_ analysis: StudyAnalysis) -> [JSONValue] {
    let metric = analysis.metric
    let columns: [(id: String, title: String, kind: String)] =
      [
        ("score", metric.title.capitalizedFirst, kind(metric)), ("test-loss", "Test loss", "loss"),
        ("train-loss", "Training loss", "loss"), ("best", "Best (%)", "percent"),
        ("best-iteration", "Best at iteration", "count"), ("seconds", "Time (s)", "seconds"),
        ("speed", "Images/s", "count"),
      ] + analysis.study.metrics.map { ($0.rawValue, $0.title.capitalizedFirst, "percent") } + [
        ("trial", "Trial", "key"), ("message", "Message", "text"),
      ]
    return columns.map { ["id": .string($0.id), "title": .string($0.title), "kind": .string($0.kind)] }
  }

  private static func row(
    _ trial: TrialAnalysis, of configuration: RecordedConfiguration, at place: Int, _ metric: Metric,
    _ metrics: [ComparedMetric]
  ) -> [JSONValue] {
    let (record, result) = (trial.record, trial.record.result)
    let failure = [.failed, .diverged, .stale].contains(record.state) ? record.failureText : record.error
    return [
      .integer(place),
      record.seed > exactLimit ? .string("\(record.seed)") : .number(JSONNumber(record.seed)),
      .string(record.state.rawValue),
      .optional(trial.chosen.flatMap(metric.value)), .optional(trial.chosen?.test?.loss),
      .optional(trial.chosen.flatMap { configuration.known($0.trainLoss) }), .optional(trial.best?.test?.accuracy),
      .optional(trial.best?.iteration),
      .optional(result?.wallSeconds.ifMeasured), .optional(result?.imagesPerSecond.rounded().ifMeasured),
    ] + metrics.map { .optional(trial.value(of: $0).flatMap { $0.isFinite ? $0 : nil }) } + [
      .string(String(record.key.prefix(12))),
      .optional(failure.map { PlainText.shortened($0, to: messageLimit) }),
    ]
  }

  private static func evaluation(_ evaluation: Evaluation, _ metric: Metric) -> JSONValue {
    [.integer(evaluation.iteration), .optional(metric.value(evaluation).flatMap { $0.isFinite ? $0 : nil })]
  }

  // MARK: Curves

  private static func curve(_ chart: LineChart, _ metric: Metric) -> JSONValue {
    let isScore = ["accuracy", "score"].contains(chart.name)
    let isLogarithmic = if case .linear = chart.y.kind { false } else { true }
    return [
      "name": .string(chart.name), "title": .string(chart.title), "x": .string(chart.xTitle),
      "y": .string(chart.yTitle), "kind": .string(isScore ? kind(metric) : chart.name == "schedule" ? "rate" : "loss"),
      "logarithmic": .bool(isLogarithmic), "limit": .optional(chart.y.upper),
      "lines": .array(
        chart.lines.map { line in
          func numbers(_ path: KeyPath<LineChart.Point, Double>) -> JSONValue {
            .array(line.points.map { .optional(short($0[keyPath: path])) })
          }
          let spread: [JSONValue.Member] =
            line.points.contains { $0.low < $0.high }
            ? [.init("low", numbers(\.low)), .init("high", numbers(\.high))] : []
          return .object(
            [
              .init("configuration", .optional(line.configuration)), .init("x", numbers(\.x)),
              .init("mean", numbers(\.mean)),
            ] + spread + [.init("exits", .array(line.exits.map { .double($0) }))])
        }),
    ]
  }

  /// Five significant digits are more than a screen shows; `nil` for what is not finite.
  private static func short(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    return value == 0 ? 0 : NumberText.rounded(value, digits: 5)
  }
}
