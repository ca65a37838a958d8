import ArgumentParser
import struct Architectures.Preset
import Foundation
import Harness
import Presentation
import Tracking

/// `bench evaluate GRID|TRIAL`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate given weights without training: loss, accuracy and metrics on validation and test examples.",
    discussion: """
      A trial is evaluated with the weights that it kept, or with --weights: of its own weights the numbers are those of \
      its last evaluation, to the bit. A grid file or a preset (\(Preset.names)) needs --weights. Nothing is stored.
      """)

  @Argument(
    help: "A grid file, a preset, or the beginning of a trial's key.", completion: Completions.modelsAndTrials)
  var subject: String

  @Option(
    help: ArgumentHelp(
      "The weights: a safetensors file with PyTorch's names (default: those that the trial kept).", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(help: ArgumentHelp("The configuration of the grid (default: the first).", valueName: "label"))
  var label: String?

  @OptionGroup var over: OverrideOptions
  @OptionGroup var paths: GridFolderOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "Threads; they change the speed, never the numbers (default: the cores).")
  var threads: Int?

  @Option(help: "How to print it; csv has one row for each set of examples.")
  var format: OutputFormat = .text

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads is \(threads); expected at least 1") }
  }

  func run() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    print(try NetworkEvaluation(try chosen(), threads: threads), as: format)
  }

  /// The network and its weights.
  private func chosen() throws -> PictureSubject {
    if ModelChoice.isNamed(by: subject) {
      guard let weights else {
        throw UsageError(
          "--weights is missing: \(PlainText.oneLine(subject)) has no weights; name a safetensors file, or a trial of the "
            + "store, which kept its own")
      }
      return try PictureSubject(
        model: subject, weights: weights, label: label, overrides: over.overrides, data: data.folder)
    }
    if subject.hasSuffix(".json") {
      throw UsageError("\(PlainText.oneLine(subject)): there is no such grid file; presets are \(Preset.names)")
    }
    for (option, isGiven) in [("--label", label != nil), ("--set", !over.overrides.isEmpty)] where isGiven {
      throw UsageError(
        "\(option) is for a grid, and there is no file \(PlainText.oneLine(subject)); a trial's configuration is fixed")
    }
    let opened = try Store(path: store.path, access: .readOnly)
    let details = try opened.trial(prefix: subject)
    try opened.prove(details.record.key)
    return try PictureSubject(
      details, weights: weights, store: store.path, data: data.folder,
      gridFolder: GridFolder(paths.gridFolder, of: details),
      warn: Terminal.say)
  }
}
