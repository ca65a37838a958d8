/// `x` where it is positive, otherwise a learnt slope times `x` (`nn.PReLU`).
///
/// - Input: `[N, C]`, `[N, C, L]` or `[N, C, H, W]`
/// - Output: the input's shape
/// - Parameters: `weight` `[parameterCount]`, which begins at 0.25
/// - Source: He et al. 2015, arXiv:1502.01852.
package struct PReLU: LayerKind {
  /// 1, a slope for all channels, or the number of channels.
  package var parameterCount: Int

  /// Creates the description of a PReLU with PyTorch's default.
  package init(parameterCount: Int = 1) { self.parameterCount = parameterCount }

  private static let prelu = LayerType(
    "prelu", module: "PReLU", "x where it is positive, otherwise a learnt slope times x (nn.PReLU).", weight: .vector,
    PReLU(),
    [
      .option(
        "num_parameters", .size, \.parameterCount, "1, a slope for all channels, or the number of channels.")
    ])

  /// `prelu`
  package static var types: [LayerType] { [prelu] }

  /// `prelu`
  package var type: LayerType { Self.prelu }

  /// The input's shape.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let channels = input.dimensions[0]
    guard parameterCount == 1 || parameterCount == channels else {
      throw ShapeError("num_parameters \(parameterCount) must be 1 or the \(channels) channels of its input")
    }
    return ShapeInference(output: input, parameters: [("weight", [parameterCount])])
  }
}
