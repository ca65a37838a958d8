import ArgumentParser
import Experiments
import Files
import Foundation
import Harness
import Presentation
import Reporting
import Tracking

/// Which study is exported where.
struct StudyExportOptions: ParsableArguments {
  @Argument(help: "The study (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file (default: standard output; for npz STUDY.npz).", valueName: "file"))
  var output: String?

  @OptionGroup var store: StoreOptions

  /// The study with all of its evaluations, and the way to its batch losses.
  func export() throws -> (record: StudyRecord, export: StudyExport) {
    let store = try Store(path: store.path, access: .readOnly)
    let record = try store.study(named: StudyChoice(study, in: store).name)
    return (record, StudyExport(StudyCurves(of: record, in: store)))
  }

  /// Hands over a way to write, to a file that takes its place only when all is written, or to standard output.
  func write(asJSON isJSON: Bool, _ body: ((String) throws -> Void) throws -> Void) throws {
    guard let output else {
      try body { try StandardOutput.write(isJSON ? StandardOutput.fit(json: $0) : StandardOutput.fit(data: $0)) }
      return
    }
    try WholeFile.write(to: URL(filePath: output)) { write in try body { try write(Data($0.utf8)) } }
    print(output)
  }
}

/// `bench export csv [STUDY]`
struct ExportCSVCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv", abstract: "Write a study's trials, or its curves, as comma-separated values.",
    discussion: "The columns are those of the store's views `trials` and `curves`; trials have their settings too.")

  @Flag(help: "Write one row per point of the curves instead of one row per trial.")
  var curves = false

  @OptionGroup var options: StudyExportOptions

  func run() throws {
    let export = try options.export().export
    try options.write(asJSON: false) { curves ? try export.writeCurvesCSV(to: $0) : try export.writeTrialsCSV(to: $0) }
  }
}

/// `bench export json [STUDY]`
struct ExportJSONCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "json", abstract: "Write a study's trials with their curves as JSON, one line per trial.",
    discussion: "Numbers that are not finite are the texts NaN, Infinity and -Infinity.")

  @OptionGroup var options: StudyExportOptions

  func run() throws { try options.write(asJSON: true, options.export().export.writeJSON) }
}

/// `bench export npz [STUDY]`
struct ExportArraysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "npz", abstract: "Write a study's trials and curves as NumPy arrays.",
    discussion: """
      One entry per trial: trial, label, configuration, seed, state, parameters, wall_seconds, cpu_seconds, \
      images_per_second. One row per trial, one column per iteration, NaN where there is no value: train_loss with \
      train_loss_iteration; validation_loss, validation_accuracy, test_loss, test_accuracy with the iterations beside \
      them; train_lr where a scheduler changes the learning rate. In Python: numpy.load("STUDY.npz").
      """)

  @OptionGroup var options: StudyExportOptions

  func run() throws {
    let (record, export) = try options.export()
    let archive = try export.arrays()
    guard archive.count <= NumPyArchive.maximumBytes else {
      throw OperationalError("\(record.name): more than a .npz file holds; bench export json writes any size")
    }
    let path = options.output ?? "\(ReportFolder.name(for: record.name)).npz"
    try WholeFile.write(Data(archive), to: URL(filePath: path))
    print(path)
  }
}

/// `bench export mlflow [STUDY] --to URL`
struct ExportMLflowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlflow", abstract: "Bring a study to an MLflow server: an experiment, and a run for each trial.",
    discussion: """
      Runs of one configuration lie below one. A run has the settings that vary and the seed as parameters, the trial's key \
      as the tag bench.trial, and its curves with the iteration as step. A second export sends only what the first did not; \
      trials at work are left out, and one that was trained again with other values gets a new run. \
      Environment: MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN.
      """)

  @Argument(help: "The study (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Option(name: .customLong("to"), help: ArgumentHelp("The server: http://localhost:5000, say.", valueName: "url"))
  var url: String

  @Option(help: "Seconds that a request may take.")
  var timeout = 60

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print what was done.")
  var format: OutputFormat = .text

  func validate() throws {
    if !(1...86_400).contains(timeout) {
      throw ValidationError("--timeout is \(timeout); expected 1 to 86400 seconds")
    }
  }

  func run() throws {
    print(
      try MLflowDelivery(
        of: study, in: store.path, to: url, environment: ProcessInfo.processInfo.environment,
        timeoutSeconds: timeout), as: format)
  }
}
