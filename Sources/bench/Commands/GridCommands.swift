import ArgumentParser
import struct Architectures.Preset
import Datasets
import Experiments
import Foundation
import Reporting
import Tracking

/// `bench plan GRID`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a grid would train: trials, layers, output shapes, parameters, multiply-adds.",
    discussion: "Nothing is trained or written. Where the store has the study's trials, it says how many are done.")

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let study = try GridSource(grid, data: data).study()
    var plan = StudyPlan(study)
    if FileManager.default.fileExists(atPath: store.path) {
      let finished = try finishedTrials(of: study)
      for index in plan.rows.indices { plan.rows[index].finished = finished[plan.rows[index].hash] ?? 0 }
    }
    switch format {
    case .text: print(plan.text(), terminator: "")
    case .json: print(plan.json.prettyText)
    case .csv: print(plan.table.csv, terminator: "")
    case .md: print(plan.table.markdown, terminator: "")
    }
  }

  /// Trials that ran to their end, by their configuration's hash.
  private func finishedTrials(of study: Study) throws -> [String: Int] {
    let store = try Store(path: store.path, access: .readOnly)
    guard let record = try? store.study(named: study.name) else { return [:] }
    let seeds = Set(study.seeds)
    return Dictionary(
      record.configurations.map { configuration in
        let ended = configuration.trials.filter {
          seeds.contains($0.seed) && ($0.state == .done || $0.state == .diverged)
        }
        return (configuration.hash, ended.count)
      }, uniquingKeysWith: max)
  }
}

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
    if study.configurations.count > 1 { Terminal.say(TerminalText.plain(chosen.label)) }
    print(try ModelSummary(chosen.configuration.architecture).text, terminator: "")
  }
}

/// `bench schema [KIND]`
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of grid files, which an editor can use, or of results.json.",
    discussion: "Save it as grid.schema.json and begin a grid with {\"$schema\": \"grid.schema.json\", …}.")

  /// What a schema is of.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case grid, results
  }

  @Argument(help: "grid or results.")
  var kind = Kind.grid

  func run() throws {
    switch kind {
    case .grid: print(GridSchema.json.prettyText)
    case .results: print(ReportSchema.json.prettyText)
    }
  }
}
