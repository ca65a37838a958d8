import Architectures
import Presentation

extension ModelSummary: Printable {
  /// As `torchsummary` has it, or layers and tensors as tables; one row per layer for programs.
  package var printout: Printout {
    Printout(
      title: "Network", sections: sections, table: layerTable, json: json, own: [.text: { text }])
  }

  private var sections: [Section] {
    let network = StudyPlan.Network(
      label: "", layers: layers, parameters: parameters, frozen: frozen, multiplyAdds: multiplyAdds)
    let tensors = tensorTable
    return [
      Section(id: "layers", title: "Layers", blocks: [.table(network.table)]),
      Section(
        id: "tensors", title: "Tensors", blocks: [tensors.rows.isEmpty ? .paragraph("No tensors.") : .table(tensors)]),
    ]
  }

  private var layerTable: Table {
    var table = ResolvedLayer.table(of: layers)
    table.columns.append(.init("trainable"))
    for (index, layer) in layers.enumerated() {
      table.rows[index].append(.init(value: .bool(layer.layer.trainable)))
    }
    return table
  }

  private var json: JSONValue {
    [
      "schema": 1, "input": .array(input.dimensions.map { .integer($0) }), "parameters": .integer(parameters),
      "frozen": .integer(frozen), "multiply_adds": .integer(multiplyAdds), "layers": layerTable.json,
      "tensors": .array(
        layers.flatMap { layer in
          layer.parameters.map { json($0, isLearnt: layer.layer.trainable) }
            + layer.buffers.map { json($0, isLearnt: false) }
        }),
    ]
  }

  private func json(_ tensor: TensorDescription, isLearnt: Bool) -> JSONValue {
    [
      "name": .string(tensor.name), "shape": .array(tensor.shape.map { .integer($0) }),
      "values": .integer(tensor.count), "trainable": .bool(isLearnt),
    ]
  }
}
