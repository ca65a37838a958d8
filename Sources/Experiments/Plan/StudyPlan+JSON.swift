import Architectures
import Presentation

extension StudyPlan {
  /// The plan as JSON, for programs.
  package var json: JSONValue {
    [
      "schema": 1, "study": .string(name), "title": .string(title),
      "axes": .array(
        axes.map { ["path": .string($0.path), "values": .array($0.values.map { .string($0) })] }),
      "seeds": .array(seeds.map { .number(JSONNumber($0)) }),
      "shared": .object(shared.map { .init($0.name, .string($0.value)) }), "configurations": .array(rows.map(json)),
      "networks": .array(networks.map(\.json)),
      "collapsed": .array(collapsed.map { ["label": .string($0.label), "original": .string($0.original)] }),
      "totals": [
        "configurations": .integer(rows.count), "trials": .integer(trials), "iterations": .integer(iterations),
      ],
      "fewest_seeds": .integer(Self.fewestSeeds), "warnings": .array(warnings.map { .string($0) }),
      "seconds_to_come": secondsToCome.map { .double($0) } ?? .null, "notes": .array(notes.map { .string($0) }),
    ]
  }

  private func json(_ row: Row) -> JSONValue {
    [
      "label": .string(row.label), "hash": .string(row.hash), "network": .integer(row.network),
      "parameters": .integer(networks[row.network].parameters),
      "multiply_adds": .integer(networks[row.network].multiplyAdds), "batch_size": .integer(row.batchSize),
      "peak_bytes": row.peakBytes.map { .integer($0) } ?? .null,
      "iterations": .integer(row.iterations), "epochs": .double(row.epochs), "trials": .integer(row.trials),
      "done": row.done.map { .integer($0) } ?? .null,
      "diverged": row.done.map { _ in .integer(row.diverged) } ?? .null,
      "running": row.done.map { _ in .integer(row.running) } ?? .null,
      "failed": row.done.map { _ in .integer(row.failed) } ?? .null,
      "missing": row.missing.map { .integer($0) } ?? .null,
    ]
  }
}

extension StudyPlan.Network {
  fileprivate var json: JSONValue {
    [
      "label": .string(label), "parameters": .integer(parameters), "frozen": .integer(frozen),
      "multiply_adds": .integer(multiplyAdds),
      "layers": ResolvedLayer.table(of: layers).json,
    ]
  }
}

extension ResolvedLayer {
  /// One row per layer, for programs.
  static func table(of layers: [ResolvedLayer]) -> Table {
    Table(
      names: ["title", "type", "name", "output", "parameters", "multiply_adds", "options"],
      values: layers.map { layer in
        [
          .string(layer.title), .string(layer.layer.kind.asOptions.type), .optional(layer.layer.name),
          .array(layer.output.dimensions.map { .integer($0) }),
          .integer(layer.parameters.reduce(0) { $0 + $1.count }), .integer(layer.multiplyAdds),
          .string(layer.layer.optionText),
        ]
      })
  }
}
