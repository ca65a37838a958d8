import ArgumentParser
import Presentation

import enum Architectures.LayerRegistry
import struct Architectures.LayerType

/// `bench layers`
struct LayersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers", abstract: "List the types of layers that a grid can name, with their modules in PyTorch.")

  @Argument(help: ArgumentHelp("Only those whose name contains this.", valueName: "part"))
  var part: String?

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let types = LayerRegistry.types.filter { type in part.map { type.table.name.contains($0) } ?? true }
    guard !types.isEmpty else {
      throw ValidationError(
        "no type of layer has \(JSONValue.string(part ?? "").compactText) in its name; bench layers lists all")
    }
    print(LayerList(types: types), as: format)
  }
}

/// Types of layers, a row each.
private struct LayerList: Printable {
  let types: [LayerType]

  var printout: Printout { Printout(table, json: ["schema": 1, "layers": table.json]) }

  private var table: Table {
    var table = Table([
      .init("type"), .init("module"), .init("options", leaveOut: 1), .init("what it is", name: "documentation"),
    ])
    table.rows = types.map { type in
      [
        .name(type.table.name), .name(type.moduleName), .name(type.table.options.map(\.name).joined(separator: ", ")),
        .name(type.table.documentation),
      ]
    }
    return table
  }
}
