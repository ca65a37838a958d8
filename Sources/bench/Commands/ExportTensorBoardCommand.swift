import ArgumentParser
import Exchange
import Experiments
import Foundation
import Harness
import Reporting
import Tracking

/// `bench export tensorboard [STUDY]`
struct ExportTensorBoardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tensorboard", abstract: "Write a study's curves as event files for TensorBoard.",
    discussion: """
      One run per trial, CONFIGURATION/seed N, with its curves by iteration; the runs mean, mean - sd and mean + sd of \
      each configuration with two seeds or more; and the page HParams with the settings that vary. A second export takes \
      the place of the first; a folder that holds anything else is refused. To look at it: tensorboard --logdir DIR.
      """)

  @Argument(help: "The study (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder (default: tensorboard/STUDY).", valueName: "dir"),
    completion: .directory)
  var output: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let store = try Store(path: store.path, access: .readOnly)
    let record = try store.study(named: StudyChoice(study, in: store).name)
    let folder = URL(
      filePath: output ?? "tensorboard/\(ReportFolder.name(for: record.name))", directoryHint: .isDirectory)
    try TensorBoardExport(StudyCurves(of: record, in: store)).write(to: folder)
    print(folder.relativePath)
  }
}
