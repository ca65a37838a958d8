import ArgumentParser
import struct Architectures.Preset
import Experiments
import Harness
import Presentation

/// `bench summary GRID|PRESET`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Print a model layer by layer, and its parameter tensors with their shapes.",
    discussion: "Presets: \(Preset.names).")

  @Argument(help: "A grid file or the name of a preset.", completion: Completions.models)
  var model: String

  @Option(help: ArgumentHelp("The configuration of the grid (default: the first).", valueName: "label"))
  var label: String?

  @Option(help: "How to print it; csv has one row per layer.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func run() throws {
    let chosen = try ModelChoice(model, label: label, data: data.folder)
    if chosen.choices > 1 { Terminal.say(PlainText.oneLine(chosen.label)) }
    print(try ModelSummary(chosen.configuration.architecture), as: format)
  }
}
