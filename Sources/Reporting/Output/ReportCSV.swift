import Comparing
import Experiments
import Presentation

/// `results.csv`: one row per trial, the columns of the store's `trials` view, then one for each score that the grid asks
/// for, and one for each setting that varies.
enum ReportCSV {
  private static let columns = [
    "study", "trial", "label", "configuration", "seed", "state", "parameters", "iterations", "train_loss",
    "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "best_test_accuracy", "best_iteration",
    "wall_seconds", "cpu_seconds", "images_per_second", "error",
  ]

  /// The file, with the line ends of RFC 4180.
  static func render(_ study: RankedStudy) -> String { table(study).csv(lineEnd: "\r\n") }

  static func table(_ study: RankedStudy) -> Table {
    let paths = study.varyingPaths
    let metrics = study.metrics
    var table = Table((columns + metrics.map(\.rawValue) + paths).map { Table.Column($0) })
    for row in study.configurations {
      let settings = paths.map { JSONValue.optional(row.value(of: $0)) }
      for trial in row.trials {
        let scores = metrics.map { JSONValue.optional(trial.value(of: $0)) }
        table.rows.append(
          (values(trial, of: row, study: study.record.name) + scores + settings).map { Table.Cell(value: $0) })
      }
    }
    return table
  }

  private static func values(_ trial: TrialAnalysis, of row: ConfigurationAnalysis, study: String) -> [JSONValue] {
    let evaluation = trial.chosen
    let result = trial.record.result
    return [
      .string(study), .string(trial.record.key), .string(row.record.configuration.label), .string(row.record.hash),
      .number(JSONNumber(trial.record.seed)), .string(trial.record.state.rawValue), .optional(row.record.parameters),
      .optional(result?.iterations), .optional(evaluation.flatMap { row.record.configuration.known($0.trainLoss) }),
      .optional(evaluation?.validation?.loss), .optional(evaluation?.validation?.accuracy),
      .optional(evaluation?.test?.loss), .optional(evaluation?.test?.accuracy),
      .optional(trial.best?.test?.accuracy), .optional(trial.best?.iteration),
      .optional(result?.wallSeconds.ifMeasured), .optional(result?.cpuSeconds.ifMeasured),
      .optional(result?.imagesPerSecond.ifMeasured),
      .optional(trial.record.error),
    ]
  }
}
