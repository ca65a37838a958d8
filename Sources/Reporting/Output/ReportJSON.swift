import Comparing
import Experiments
import Presentation
import Statistics

/// `results.json`: everything that the tables say, and every evaluation, as numbers.
enum ReportJSON {
  /// Raised whenever a key changes its name or meaning; new keys do not raise it.
  static let schemaVersion = 2
  /// The schema name by which a folder is recognised as a report.
  static let schemaName = "bench.report"

  static func render(_ analysis: StudyAnalysis) -> String { value(analysis).documentText }

  static func value(_ analysis: StudyAnalysis) -> JSONValue {
    let record = analysis.record
    let value: JSONValue = [
      "schema": .string(schemaName), "schema_version": .integer(schemaVersion),
      "study": .string(record.name), "title": .string(record.title), "revision": .integer(record.revision),
      "metric": .string(analysis.metric.name.replacing(" ", with: "_")),
      "higher_is_better": .bool(analysis.metric.higherIsBetter), "at": point(analysis.options.at),
      "alpha": .double(analysis.options.alpha), "confidence": .double(analysis.options.confidence),
      "configurations_in_study": .integer(analysis.wholeCount), "family": .integer(analysis.familySize),
      "best": analysis.best.map { .string($0.record.configuration.label) } ?? .null,
      "result": .string(ResultSentence.text(analysis)),
      "axes": .array(
        record.axes.map {
          ["path": .string($0.path), "values": .array(values(of: $0))]
        }),
      "shared": .object(analysis.sharedFacts.map { .init($0.name, .string($0.value)) }),
      "configurations": .array(analysis.ranked.map { configuration($0, analysis) }),
      "pairs": .array(analysis.pairs.map(pair)),
      "images": analysis.imageUncertainty.map(images) ?? .null,
      "effects": .array(analysis.effects.map(effect)),
      "interaction": analysis.interaction.map(interaction) ?? .null,
      "variation": analysis.shares.map(variation) ?? .null, "tuned": analysis.tuning.map(tuned) ?? .null,
      "caveats": .array(analysis.caveats.map { .string($0) }),
      "environment": environment(record.environment), "hosts": HostSpeeds(record).json, "source": source(record.source),
    ]
    guard case .object(var members) = value else { return value }
    if record.annotations != Annotations() { members += record.annotations.members }
    if !record.annotatedTrials.isEmpty {
      let trials = record.annotatedTrials.sorted { $0.key < $1.key }.map { key, annotations in
        JSONValue.object([.init("trial", .string(key))] + annotations.members)
      }
      members.append(.init("annotated_trials", .array(trials)))
    }
    if let file = record.importedFile { members.append(.init("imported_from", .string(file.name))) }
    return .object(members)
  }

  private static func configuration(_ row: ConfigurationAnalysis, _ analysis: StudyAnalysis) -> JSONValue {
    let comparison = row.comparison.map { comparison in
      ([
        "difference": .double(comparison.difference), "interval": interval(comparison.interval),
        "p": .optional(comparison.p), "tied_with_best": .bool(analysis.study.isTied(row)),
      ] as JSONValue)
    }
    let value: JSONValue = [
      "label": .string(row.record.configuration.label), "configuration": .string(row.record.hash),
      "parameters": .optional(row.record.parameters),
      "settings": .object(row.record.configuration.settings.map { .init($0.path, JSONValue.setting($0)) }),
      "finished": .integer(row.finished),
      "repeated_seeds": .array(row.repeatedSeeds.map { .number(JSONNumber($0)) }),
      "test_examples": .optional(row.record.configuration.dataset?.testCount),
      "score": summary(row.score), "interval": interval(row.interval), "versus_best": comparison ?? .null,
      "test_loss": summary(row.testLoss), "train_loss": summary(row.trainLoss),
      "validation_accuracy": summary(row.validationAccuracy), "best_test_accuracy": summary(row.bestAccuracy),
      "wall_seconds": summary(row.wallSeconds), "images_per_second": summary(row.imagesPerSecond),
      "trials": .array(row.trials.map { trial($0, of: row.record.configuration) }),
    ]
    guard !row.metrics.isEmpty, case .object(let members) = value else { return value }
    let metrics = ComparedMetric.ordered(row.metrics.keys).compactMap { metric in
      row.metrics[metric].map {
        JSONValue.Member(metric.rawValue, ["score": summary($0.summary), "interval": interval($0.interval)])
      }
    }
    return .object(members + [.init("metrics", .object(metrics))])
  }

  private static func trial(_ trial: TrialAnalysis, of configuration: RecordedConfiguration) -> JSONValue {
    let record = trial.record
    return [
      "trial": .string(record.key), "seed": .number(JSONNumber(record.seed)), "state": .string(record.state.rawValue),
      "error": .optional(record.error), "score": .optional(trial.score),
      "best_iteration": trial.best.map { .integer($0.iteration) } ?? .null,
      "target_iteration": trial.target.map { .integer($0.iteration) } ?? .null,
      "wall_seconds": .optional(record.result?.wallSeconds.ifMeasured),
      "cpu_seconds": .optional(record.result?.cpuSeconds.ifMeasured),
      "images_per_second": .optional(record.result?.imagesPerSecond.ifMeasured),
      "trace_digest": .optional(record.result?.traceDigest),
      "confusion": record.result?.confusion.map(confusion) ?? .null,
      "hits": record.result?.hits.map(hits) ?? .null,
      "evaluations": .array(record.evaluations.map { evaluation($0, of: configuration) }),
    ]
  }

  private static func confusion(_ counts: [[Int]]) -> JSONValue {
    .array(counts.map { .array($0.map { .integer($0) }) })
  }

  private static func hits(_ mask: HitMask) -> JSONValue {
    ["images": .integer(mask.count), "mask": .string(mask.base64)]
  }

  private static func evaluation(_ evaluation: Evaluation, of configuration: RecordedConfiguration) -> JSONValue {
    let values: [JSONValue.Member] = [
      .init("iteration", .integer(evaluation.iteration)), .init("epoch", .optional(evaluation.epoch.ifMeasured)),
      .init("train_loss", .optional(configuration.known(evaluation.trainLoss))),
      .init("validation_loss", .optional(evaluation.validation?.loss)),
      .init("validation_accuracy", .optional(evaluation.validation?.accuracy)),
      .init("test_loss", .optional(evaluation.test?.loss)),
      .init("test_accuracy", .optional(evaluation.test?.accuracy)),
    ]
    let scores = ScoredSplit.allCases.flatMap { split in
      (evaluation[split]?.metrics ?? [:]).sorted { $0.key < $1.key }.map {
        JSONValue.Member(split.name(of: $0.key), .double($0.value))
      }
    }
    return .object(values + scores)
  }

  private static func pair(_ pair: PairComparison) -> JSONValue {
    [
      "first": .string(pair.first.record.configuration.label),
      "second": .string(pair.second.record.configuration.label), "difference": .double(pair.difference),
      "interval": interval(pair.interval), "p": .optional(pair.p),
      "improvement": pair.improvement.map {
        ["probability": .double($0.probability), "interval": interval($0.interval)]
      } ?? .null,
      "correlation": .optional(pair.correlation),
    ]
  }

  private static func images(_ uncertainty: ImageUncertainty) -> JSONValue {
    [
      "images": .integer(uncertainty.images),
      "entries": .array(
        uncertainty.entries.map {
          [
            "first": .string($0.first.record.configuration.label),
            "second": .optional($0.second?.record.configuration.label), "value": .double($0.value),
            "seed_error": .double($0.seedError), "image_error": .double($0.imageError),
            "interval": interval($0.interval),
          ]
        }),
    ]
  }

  private static func effect(_ effect: AxisEffect) -> JSONValue {
    [
      "path": .string(effect.path), "averaged_over": .integer(effect.settingsAveraged),
      "levels": .array(
        effect.levels.map {
          [
            "value": .setting(Setting(path: effect.path, value: $0.value)), "score": summary($0.score),
            "difference": .optional($0.difference),
            "p": .optional($0.p),
          ]
        }),
    ]
  }

  private static func point(_ point: ReportOptions.Point) -> JSONValue {
    switch point {
    case .last: .string("last")
    case .best: .string("best")
    case .iteration(let iteration): .integer(iteration)
    }
  }

  private static func values(of axis: Axis) -> [JSONValue] {
    axis.values.map { JSONValue.setting(Setting(path: axis.path, value: $0)) }
  }

  private static func interaction(_ interaction: AxisInteraction) -> JSONValue {
    [
      "first": .string(interaction.first.path), "second": .string(interaction.second.path),
      "first_values": .array(values(of: interaction.first)),
      "second_values": .array(values(of: interaction.second)),
      "departures": .array(interaction.cells.map { .array($0.map { .double($0.departure) }) }),
      "size": .double(interaction.size), "seeds": .integer(interaction.seeds), "p": .double(interaction.p),
    ]
  }

  private static func variation(_ found: AxisShares) -> JSONValue {
    let shares = found.shares
    return [
      "sources": .array(
        found.largest.map { source in
          [
            "axes": .array(source.axes.map { .string(found.axes[$0].path) }), "share": .double(source.share.share),
            "by_chance": .optional(source.share.byChance),
          ]
        }),
      "higher": shares.higher.map {
        ["share": .double($0.share), "by_chance": .optional($0.byChance)]
      } ?? .null,
      "seeds": .optional(shares.seeds), "noise": .optional(shares.rest),
    ]
  }

  private static func tuned(_ tuning: Tuning) -> JSONValue {
    let study = tuning.study
    let rows = Dictionary(study.configurations.map { ($0.record.configuration.label, $0) }) { first, _ in first }
    func setting(_ value: String) -> JSONValue { .setting(Setting(path: tuning.axis.path, value: value)) }
    return [
      "path": .string(tuning.axis.path),
      "chosen_by": .string(tuning.metric.name.replacing(" ", with: "_")), "family": .integer(study.familySize),
      "equal_budgets": .bool(tuning.hasEqualBudgets),
      "choices": .array(
        tuning.choices.map { choice in
          let comparison = rows[choice.label]?.comparison
          return [
            "name": .string(choice.name), "label": .string(choice.label), "value": setting(choice.value),
            "validation": summary(choice.validation), "score": summary(rows[choice.label]?.score),
            "interval": interval(rows[choice.label]?.interval),
            "difference": .optional(comparison?.difference),
            "p": .optional(tuning.hasEqualBudgets ? comparison?.p : nil),
            "expected_best": .array(tuning.expectedBest(choice).map { .double($0) }),
            "tried": .array(
              choice.tried.map { ["value": setting($0.value), "validation": .optional($0.score)] }),
          ]
        }),
    ]
  }

  private static func summary(_ summary: Summary?) -> JSONValue {
    guard let summary else { return .null }
    return [
      "n": .integer(summary.count), "mean": .double(summary.mean), "sd": .optional(summary.standardDeviation),
      "min": .double(summary.minimum), "median": .double(summary.median), "max": .double(summary.maximum),
    ]
  }

  private static func interval(_ interval: Interval?) -> JSONValue {
    interval.map { .array([.double($0.lower), .double($0.upper)]) } ?? .null
  }

  private static func environment(_ environment: Environment?) -> JSONValue {
    guard let environment else { return .null }
    return [
      "host": .string(environment.host), "cpu": .string(environment.cpu), "cores": .integer(environment.cores),
      "memory_bytes": .integer(environment.memoryBytes), "os": .string(environment.os),
      "swift": .string(environment.swift), "blas": .string(environment.blas),
      "program": .string(environment.program), "workers": .integer(environment.workers),
    ]
  }

  private static func source(_ source: Source?) -> JSONValue {
    guard let source else { return .null }
    return [
      "commit": .string(source.commit), "branch": .optional(source.branch), "dirty": .bool(source.isDirty),
    ]
  }
}
