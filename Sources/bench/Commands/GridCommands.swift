import ArgumentParser
import struct Architectures.Preset
import Experiments
import Foundation
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
    if let preset = Preset.named(model) {
      print(try ModelSummary(preset.architecture).text, terminator: "")
      return
    }
    guard FileManager.default.fileExists(atPath: model) else {
      throw UsageError(
        "\(model) is neither a grid file nor a preset; presets are \(Preset.all.map(\.name).joined(separator: ", "))")
    }
    let study = try GridSource(path: model, data: data).study()
    let chosen = label.map { label in study.configurations.first { $0.label == label } } ?? study.configurations.first
    guard let chosen else {
      let labels = study.configurations.prefix(12).map(\.label).joined(separator: ", ")
      throw UsageError("--label \(label ?? ""): no configuration has that label; there are \(labels)")
    }
    if study.configurations.count > 1 { Terminal.say(PlainText.oneLine(chosen.label)) }
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
