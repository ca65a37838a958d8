/// Sets values to zero at random while it trains, and scales the others up by `1 / (1 − probability)` (`nn.Dropout`).
///
/// - Input: any shape
/// - Output: the input's shape
/// - Source: Srivastava et al. 2014, JMLR 15.
package struct Dropout: LayerKind {
  /// The probability of a zero.
  package var probability: Double

  /// Creates the description of a dropout with PyTorch's default.
  package init(probability: Double = 0.5) { self.probability = probability }

  private static let dropout = LayerType(
    "dropout", module: "Dropout", "Sets values to zero at random while it trains (nn.Dropout).", Dropout(),
    [.option("p", .share, \.probability, "The probability of a zero.")])

  /// `dropout`
  package static var types: [LayerType] { [dropout] }

  /// `dropout`
  package var type: LayerType { Self.dropout }

  /// `DROPOUT 0.5`
  package var diagramName: String? { "DROPOUT \(OptionValue.number(probability).text)" }

  /// The input's shape.
  package func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: input) }
}
