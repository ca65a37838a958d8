import Experiments
import Presentation

/// `results.csv`: one row a trial, the columns of the store's `trials` view and then one a setting that varies.
enum CSVForm {
  private static let columns = [
    "study", "trial", "label", "configuration", "seed", "state", "parameters", "iterations", "train_loss",
    "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "best_test_accuracy", "best_iteration",
    "wall_seconds", "cpu_seconds", "images_per_second", "error",
  ]

  static func render(_ analysis: StudyAnalysis) -> String {
    let paths = ReportContent.varyingPaths(analysis)
    var text = (columns + paths.map(CSV.text)).joined(separator: ",") + "\r\n"
    for row in analysis.configurations {
      let settings = paths.map { path in row.value(of: path).map(CSV.text) ?? "" }
      for trial in row.trials {
        text += (fields(trial, of: row, study: analysis.record.name) + settings).joined(separator: ",")
        text += "\r\n"
      }
    }
    return text
  }

  private static func fields(_ trial: TrialAnalysis, of row: ConfigurationAnalysis, study: String) -> [String] {
    let evaluation = trial.chosen
    let result = trial.record.result
    return [
      CSV.text(study), CSV.text(trial.record.key), CSV.text(row.record.configuration.label),
      CSV.text(row.record.hash), "\(trial.record.seed)", trial.record.state.rawValue, "\(row.record.parameters)",
      result.map { "\($0.iterations)" } ?? "", CSV.number(evaluation?.trainLoss),
      CSV.number(evaluation?.validation?.loss), CSV.number(evaluation?.validation?.accuracy),
      CSV.number(evaluation?.test?.loss), CSV.number(evaluation?.test?.accuracy),
      CSV.number(trial.best?.test?.accuracy), trial.best.map { "\($0.iteration)" } ?? "",
      CSV.number(result?.wallSeconds), CSV.number(result?.cpuSeconds), CSV.number(result?.imagesPerSecond),
      CSV.text(trial.record.error ?? ""),
    ]
  }
}
