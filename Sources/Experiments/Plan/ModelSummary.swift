import Architectures
import Presentation

/// A network layer by layer, as `torchsummary` prints it, and its parameter tensors with their shapes.
package struct ModelSummary: Sendable {
  /// The shape of one example.
  package let input: Shape
  /// The layers with their shapes.
  package let layers: [ResolvedLayer]

  /// Summarises a network.
  ///
  /// - Throws: the error of the first layer that does not fit.
  package init(_ architecture: Architecture) throws(ArchitectureError) {
    input = architecture.input
    layers = try architecture.resolved()
  }

  /// Values that the network learns, frozen ones included.
  package var parameters: Int { layers.reduce(0) { $0 + parameters(of: $1) } }

  /// Values that are frozen.
  package var frozen: Int { layers.reduce(0) { $0 + ($1.layer.trainable ? 0 : parameters(of: $1)) } }

  /// The summary as `torchsummary` prints it, multiply-adds, and the tensors.
  ///
  /// - Source: the layout and the sizes in MB are those of `torchsummary` 1.5.1 (values of 4 bytes, activations counted
  ///   twice, for the forward and the backward pass).
  package var text: String {
    torchText + "Multiply-adds per example: \(NumberText.count(multiplyAdds))\n\n" + tensorText
  }

  var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

  /// What `torchsummary` prints, from its first rule to its last.
  var torchText: String {
    let rule = String(repeating: "-", count: 64) + "\n"
    let double = String(repeating: "=", count: 64) + "\n"
    var text = rule + line("Layer (type)", "Output Shape", "Param #") + double
    for layer in layers {
      let shape = "[-1, \(layer.output.dimensions.map(String.init).joined(separator: ", "))]"
      text += line(
        "\(layer.layer.kind.type.moduleName)-\(layer.index + 1)", shape, NumberText.count(parameters(of: layer)))
    }
    text += double + "Total params: \(NumberText.count(parameters))\n"
    text +=
      "Trainable params: \(NumberText.count(parameters - frozen))\nNon-trainable params: \(NumberText.count(frozen))\n"
      + rule
    let values = layers.reduce(0) { $0 + $1.output.count }
    text += "Input size (MB): \(megabytes(input.count))\nForward/backward pass size (MB): \(megabytes(2 * values))\n"
    text += "Params size (MB): \(megabytes(parameters))\n"
    return text + "Estimated Total Size (MB): \(megabytes(input.count + 2 * values + parameters))\n" + rule
  }

  private var tensorText: String {
    let table = tensorTable
    return table.rows.isEmpty ? "No tensors.\n" : table.text()
  }

  /// Every tensor that the network learns or keeps, in `state_dict` order.
  var tensorTable: Table {
    var table = Table([.init("tensor"), .init("shape"), .init("values", isNumeric: true), .init("note")])
    for layer in layers {
      let note = layer.layer.trainable ? "" : "frozen"
      for tensor in layer.parameters { table.rows.append(row(tensor, note)) }
      for tensor in layer.buffers { table.rows.append(row(tensor, "not learnt")) }
    }
    if table.rows.allSatisfy({ $0[3].text.isEmpty }) {
      table.columns.removeLast()
      for index in table.rows.indices { table.rows[index].removeLast() }
    }
    return table
  }

  private func row(_ tensor: TensorDescription, _ note: String) -> [Table.Cell] {
    [
      .name(tensor.name), "[\(tensor.shape.map(String.init).joined(separator: ", "))]", .count(tensor.count),
      .name(note),
    ]
  }

  private func parameters(of layer: ResolvedLayer) -> Int { layer.parameters.reduce(0) { $0 + $1.count } }

  private func line(_ layer: String, _ shape: String, _ parameters: String) -> String {
    "\(TerminalText.right(layer, 20))  \(TerminalText.right(shape, 25)) \(TerminalText.right(parameters, 15))\n"
  }

  /// As `torchsummary` has it: 1 MB is 2²⁰ bytes here, and nowhere else in this program.
  private func megabytes(_ values: Int) -> String { NumberText.fixed(Double(values) * 4 / 1_048_576, 2) }
}
