/// Sets values or whole channels to zero at random while it trains, and scales the others up by `1 / (1 − probability)`
/// (`nn.Dropout`, `nn.Dropout1d`, `nn.Dropout2d`); or sets values to what SELU nears below zero and keeps mean and variance
/// (`nn.AlphaDropout`).
///
/// - Input: any shape; where it drops channels `[N, C, H, W]`, over sequences `[N, C, L]`
/// - Output: the input's shape
/// - Source: Srivastava et al. 2014, JMLR 15; Tompson et al. 2015, arXiv:1411.4280 (channels); Klambauer et al. 2017,
///   arXiv:1706.02515 (alpha).
package struct Dropout: LayerKind {
  /// What is dropped.
  package var form: Form
  /// The probability that a value or a channel is dropped.
  package var probability: Double

  /// What is dropped.
  package enum Form: Hashable, Sendable {
    /// Single values.
    case values
    /// Channels of images or of sequences.
    case channels(SpatialRank)
    /// Single values, for networks with SELU.
    case alpha
  }

  /// Creates the description of a dropout with PyTorch's default.
  package init(_ form: Form = .values, probability: Double = 0.5) {
    (self.form, self.probability) = (form, probability)
  }

  private static let dropout = layerType("dropout", "Dropout", .values, "Sets values to zero at random while it trains")
  private static let ofChannels = RankedTypes { rank in
    layerType(
      "dropout\(rank.rawValue)d", "Dropout\(rank.rawValue)d", .channels(rank), rank: rank,
      "Sets channels to zero at random while it trains")
  }
  private static let alphaDropout = layerType(
    "alpha_dropout", "AlphaDropout", .alpha,
    "Sets values to what SELU nears below zero at random while it trains, and keeps mean and variance")

  private static func layerType(
    _ name: String, _ module: String, _ form: Form, rank: SpatialRank? = nil, _ documentation: String
  ) -> LayerType {
    LayerType(
      name, module: module, rank: rank, "\(documentation) (nn.\(module)).", Dropout(form),
      [
        .option(
          "p", .share, \.probability,
          form == .values ? "The probability of a zero." : "The probability of each to be dropped.")
      ])
  }

  /// `dropout2d`, `dropout1d`, `dropout`, `alpha_dropout`
  package static var types: [LayerType] { ofChannels.all + [dropout, alphaDropout] }

  /// The type of the layer's form.
  package var type: LayerType {
    switch form {
    case .values: Self.dropout
    case .channels(let rank): Self.ofChannels[rank]
    case .alpha: Self.alphaDropout
    }
  }

  /// `DROPOUT 0.5`
  package var diagramName: String? {
    "\(form == .alpha ? "ALPHA " : "")DROPOUT \(OptionValue.number(probability).text)"
  }

  /// The input's shape.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    if case .channels(let rank) = form { _ = try ImageShape(input, rank: rank) }
    return ShapeInference(output: input)
  }
}
