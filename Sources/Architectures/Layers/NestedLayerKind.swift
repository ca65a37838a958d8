/// A layer that is made of chains of layers, all of which take its input.
///
/// Its parameters are those of the layers inside, under the names that a PyTorch module of ``LayerType/moduleName`` has
/// for them: the layer's own name, the path's, and the name or the place of the layer in the path
/// (`3.shortcut.0.weight`).
package protocol NestedLayerKind: LayerKind {
  /// The chains, in the order in which PyTorch's module makes and runs them; an empty one passes the input on.
  var paths: [LayerPath] { get }

  /// The same layer with other chains, as many as ``paths``.
  func replacing(_ chains: [[Layer]]) -> Self

  /// The shape of what the outputs of the paths become.
  ///
  /// - Throws: ``ShapeError`` where they do not go together.
  func joined(_ outputs: [Shape], from input: Shape) throws(ShapeError) -> Shape
}

/// A chain of layers in a nested one.
package struct LayerPath: Sendable {
  /// How it is called, from the layer that it lies in: `shortcut`, or `branches` and its number.
  package let steps: [LayerPlace.Step]
  /// The layers, first to last; none pass the input on.
  package let layers: [Layer]
}

extension NestedLayerKind {
  /// The output's shape; the parameters and the cost are those of the layers inside, which have them.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    var outputs: [Shape] = []
    for path in paths {
      var shape = input
      for layer in path.layers { shape = try layer.kind.limited(from: shape).output }
      outputs.append(shape)
    }
    return ShapeInference(output: try joined(outputs, from: input))
  }

  /// The layer without what changes no number: the names of the layers inside.
  package var normalized: Self { replacing(paths.map { $0.layers.map(\.normalized) }) }
}
