/// What a layer computes: its options, its shape rule and its names. Options and their defaults are those of the PyTorch
/// module of the same name.
///
/// A kind is a struct in a file of its own, which ``LayerRegistry`` lists; the module that computes it is its
/// `CompiledLayer` in the network's target.
package protocol LayerKind: Hashable, Sendable {
  /// The types that a grid can name for such a layer: one, or one for images and one for sequences.
  static var types: [LayerType] { get }

  /// The one of ``types`` that describes this layer.
  var type: LayerType { get }

  /// The output's shape, the parameters and the cost.
  ///
  /// All sizes of the description are positive, none is above a million (the reader checks that), and those of the
  /// input are within ``NetworkLimits``; so no sum overflows.
  ///
  /// - Throws: ``ShapeError`` where the layer does not take such an input.
  func inferred(from input: Shape) throws(ShapeError) -> ShapeInference

  /// The layer in the words in which all that compute the same agree; by default the layer itself.
  var normalized: Self { get }

  /// Examples that a training step needs, by default 1.
  func minimumBatch(input: Shape) -> Int

  /// Examples that an evaluation needs at once, by default 1.
  func minimumEvaluationBatch(input: Shape) -> Int

  /// The layer as a drawing of the network calls it, `CONV`; `nil` for one that goes without saying. By default the
  /// type's name in capitals: `LOG SOFTMAX`.
  var diagramName: String? { get }
}

extension LayerKind {
  /// The layer itself.
  package var normalized: Self { self }

  /// 1
  package func minimumBatch(input: Shape) -> Int { 1 }

  /// 1
  package func minimumEvaluationBatch(input: Shape) -> Int { 1 }

  /// The type's name in capitals: `LOG SOFTMAX`.
  package var diagramName: String? { type.shortName.split(separator: "_").joined(separator: " ").uppercased() }

  /// The name of the layer's type and all its options in the table's order, defaults written out.
  ///
  /// What a ``LayerType`` makes of these options is the layer again.
  package var asOptions: (type: String, options: [(name: String, value: OptionValue)]) {
    (type.table.name, type.options(of: self).pairs)
  }

  /// The options that differ from their defaults, and those that have none, as a person says them:
  /// `out_channels 16, kernel_size 5, padding same`.
  package var optionText: String {
    // The layers inside a nested one speak for themselves.
    type.options(of: self).filter { !$0.isDefault && !type.holdsLayers($0.name) }.map { "\($0.name) \($0.value.text)" }
      .joined(separator: ", ")
  }

  /// ``inferred(from:)``, where output and parameters are within ``NetworkLimits``.
  func limited(from input: Shape) throws(ShapeError) -> ShapeInference {
    let inference = try inferred(from: input)
    _ = try NetworkLimits.product(inference.output.dimensions, "its output")
    for parameter in inference.parameters {
      _ = try NetworkLimits.product(parameter.shape, "its \(parameter.name)")
    }
    return inference
  }

  fileprivate func isEqual(to other: any LayerKind) -> Bool { (other as? Self) == self }
}

/// Whether two layers compute the same.
package func == (_ first: any LayerKind, _ second: any LayerKind) -> Bool { first.isEqual(to: second) }

/// The shape inferred from a layer's input.
package struct ShapeInference: Sendable {
  /// The shape of one example after the layer.
  package var output: Shape
  /// The names and PyTorch's shapes of what is learnt, in `state_dict` order.
  package var parameters: [(name: String, shape: [Int])] = []
  /// The names and shapes of what is kept and not learnt (running statistics); empty for a scalar.
  package var buffers: [(name: String, shape: [Int])] = []
  /// Multiplications with an addition in one forward pass of one example.
  package var multiplyAdds = 0
}
