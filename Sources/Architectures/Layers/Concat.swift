/// What several chains of layers give for the same input, behind one another along the channels (`torch.cat` along
/// dimension 1).
///
/// In PyTorch, with the names that weight files have (`5.branches.1.0.weight`):
///
/// ```python
/// class Concat(nn.Module):
///     def __init__(self, *branches):
///         super().__init__()
///         self.branches = nn.ModuleList(nn.Sequential(*layers) for layers in branches)
///
///     def forward(self, x):
///         return torch.cat([branch(x) for branch in self.branches], 1)
/// ```
///
/// - Input: whatever the branches take
/// - Output: `[N, C₁ + … + Cₖ, …]`, all sizes but the channels those that every branch gives
/// - Source: Szegedy et al. 2014, arXiv:1409.4842; with an empty branch, which is the input itself, Huang et al. 2016,
///   arXiv:1608.06993.
package struct Concat: NestedLayerKind {
  /// The chains; at least two. One without layers is the input itself.
  package var branches: [[Layer]]

  /// Creates the description of a concatenation.
  package init(_ branches: [[Layer]]) { self.branches = branches }

  private static let concat = LayerType(
    "concat", module: "Concat",
    "What several branches give for the same input, behind one another along the channels (torch.cat).", Concat([]),
    [
      .required(
        "branches", .list(.list(.layer, count: 0...1_000), count: 2...100), \.branches,
        "The layers of each branch, first to last; none are the input itself.")
    ])

  /// `concat`
  package static var types: [LayerType] { [concat] }

  /// `concat`
  package var type: LayerType { Self.concat }

  /// `branches[0]` …
  package var paths: [LayerPath] {
    branches.enumerated().map { LayerPath(steps: [.key("branches"), .index($0)], layers: $1) }
  }

  /// The same with other chains.
  package func replacing(_ chains: [[Layer]]) -> Concat { Concat(chains) }

  /// `[CONV → RELU | POOL | INPUT]`
  package var diagramName: String? {
    "[\(branches.map { $0.isEmpty ? "INPUT" : $0.diagram }.joined(separator: " | "))]"
  }

  /// The sum of the channels, and the other sizes, which all have.
  package func joined(_ outputs: [Shape], from input: Shape) throws(ShapeError) -> Shape {
    let sides = outputs[0].dimensions.dropFirst()
    for (index, output) in outputs.enumerated() where output.dimensions.dropFirst() != sides {
      throw ShapeError(
        "its branches[0] gives [\(outputs[0])], and its branches[\(index)] gives [\(output)]; all sizes but the first "
          + "must be alike, for they are put behind one another: give the branches the same strides, and paddings that "
          + "go with their kernels")
    }
    return Shape([outputs.reduce(0) { $0 + $1.dimensions[0] }] + sides)
  }
}
