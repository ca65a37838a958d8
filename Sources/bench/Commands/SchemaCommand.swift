import ArgumentParser
import Experiments
import Presentation
import Reporting

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
