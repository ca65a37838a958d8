/// What a chain of layers gives, plus what a shortcut gives: `y = layers(x) + shortcut(x)`.
///
/// In PyTorch, with the names that weight files have (`3.layers.0.weight`, `3.shortcut.0.weight`):
///
/// ```python
/// class Residual(nn.Module):
///     def __init__(self, layers, shortcut=()):
///         super().__init__()
///         self.layers, self.shortcut = nn.Sequential(*layers), nn.Sequential(*shortcut)
///
///     def forward(self, x):
///         return self.layers(x) + self.shortcut(x)
/// ```
///
/// - Input: whatever the chains take
/// - Output: the shape that both chains give
/// - Source: He et al. 2015, arXiv:1512.03385.
package struct Residual: NestedLayerKind {
  /// The chain; at least one layer.
  package var layers: [Layer]
  /// The chain beside it; none is the input itself.
  package var shortcut: [Layer]

  /// Creates the description of a residual.
  package init(_ layers: [Layer], shortcut: [Layer] = []) { (self.layers, self.shortcut) = (layers, shortcut) }

  private static let residual = LayerType(
    "residual", module: "Residual", "What its layers give plus what its shortcut gives, both from the same input.",
    Residual([]),
    [
      .required("layers", .list(.layer, count: 1...1_000), \.layers, "The layers, first to last."),
      .option(
        "shortcut", .list(.layer, count: 0...1_000), \.shortcut, "The layers beside them; none add the input itself."),
    ])

  /// `residual`
  package static var types: [LayerType] { [residual] }

  /// `residual`
  package var type: LayerType { Self.residual }

  /// `layers`, `shortcut`
  package var paths: [LayerPath] {
    [LayerPath(steps: [.key("layers")], layers: layers), LayerPath(steps: [.key("shortcut")], layers: shortcut)]
  }

  /// The same with other chains.
  package func replacing(_ chains: [[Layer]]) -> Residual { Residual(chains[0], shortcut: chains[1]) }

  /// `(CONV → RELU) + INPUT`
  package var diagramName: String? {
    "(\(layers.diagram)) + \(shortcut.isEmpty ? "INPUT" : "(\(shortcut.diagram))")"
  }

  /// The shape that both have.
  package func joined(_ outputs: [Shape], from input: Shape) throws(ShapeError) -> Shape {
    let (own, other) = (outputs[0], outputs[1])
    guard own != other else { return own }
    if shortcut.isEmpty {
      throw ShapeError(
        "its layers give [\(own)], and its input, which is added to that, is [\(input)]; both must be alike: let the "
          + "layers keep the shape, or give it a shortcut that changes the input alike"
          + (own.rank == 3 ? ", such as a conv2d with kernel_size 1, or a subsample2d" : ""))
    }
    throw ShapeError(
      "its layers give [\(own)], and its shortcut gives [\(other)]; both must be alike, for they are added: give the "
        + "shortcut the strides and the channels of the layers")
  }
}
