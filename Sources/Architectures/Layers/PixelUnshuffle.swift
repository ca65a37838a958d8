/// Turns squares of neighbouring pixels into channels (`nn.PixelUnshuffle`).
///
/// - Input: `[N, C, H · r, W · r]`, r the factor
/// - Output: `[N, C · r², H, W]`; channel `c · r² + i · r + j` is row `i` and column `j` of the squares of channel `c`
/// - Source: Shi et al. 2016, arXiv:1609.05158, whose pixel shuffle it undoes.
package struct PixelUnshuffle: LayerKind {
  /// The side of a square.
  package var factor: Int

  /// Creates the description of the layer.
  package init(factor: Int) { self.factor = factor }

  private static let pixelUnshuffle = LayerType(
    "pixel_unshuffle", module: "PixelUnshuffle", rank: .two,
    "Turns squares of neighbouring pixels into channels (nn.PixelUnshuffle).", PixelUnshuffle(factor: 1),
    [.required("downscale_factor", .size, \.factor, "The side of a square.")])

  /// `pixel_unshuffle`
  package static var types: [LayerType] { [pixelUnshuffle] }

  /// `pixel_unshuffle`
  package var type: LayerType { Self.pixelUnshuffle }

  /// The shapes of an image whose sides the factor divides.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    var image = try ImageShape(input, rank: .two)
    guard image.height % factor == 0, image.width % factor == 0 else {
      throw ShapeError("downscale_factor \(factor) must divide the sides of its input, \(image.text(rank: .two))")
    }
    image.channels *= factor * factor
    (image.height, image.width) = (image.height / factor, image.width / factor)
    return ShapeInference(output: image.shape(rank: .two))
  }
}
