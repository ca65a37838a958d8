import ArgumentParser
import struct Architectures.Preset
import Experiments
import Harness
import Presentation
import Reporting

/// `bench summary GRID|PRESET`
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Print a model layer by layer, and its parameter tensors with their shapes.",
    discussion: "Presets: \(Preset.all.map(\.name).joined(separator: ", ")).")

  @Argument(help: "A grid file or the name of a preset.")
  var model: String

  @Option(help: ArgumentHelp("The configuration of the grid (default: the first).", valueName: "label"))
  var label: String?

  @OptionGroup var data: DataOptions

  func run() throws {
    let chosen = try ModelChoice(model, label: label, data: data.folder)
    if chosen.choices > 1 { Terminal.say(PlainText.oneLine(chosen.label)) }
    print(try ModelSummary(chosen.configuration.architecture).text, terminator: "")
  }
}

/// `bench schema [KIND]`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of grid files or of results.json, or the grid language's manual.",
    discussion: """
      An editor uses the schema: save it as grid.schema.json and begin a grid with {"$schema": "grid.schema.json", …}.
      The manual is Markdown: every key, layer, optimizer and option, with values and defaults.
      """)

  /// What is printed.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case grid, results, manual
  }

  @Argument(help: "grid or results: a JSON Schema; manual: the grid language in Markdown.")
  var kind = Kind.grid

  func run() throws {
    switch kind {
    case .grid: print(GridSchema.json.prettyText)
    case .results: print(ReportSchema.json.prettyText)
    case .manual: print(GridManual.markdown)
    }
  }
}
