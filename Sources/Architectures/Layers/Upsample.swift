/// Makes images or sequences larger by repeating the nearest value (`nn.Upsample(mode="nearest")`).
///
/// - Input: `[N, C, H, W]` or `[N, C, L]`
/// - Output: `[N, C, H', W']`, the `size`, or `H' = H · scale`, rounded down; row `i` is that at `i / scale`, rounded down
package struct Upsample: LayerKind {
  /// The sides after the layer, rows first, or one for all.
  package var size: [Int]?
  /// What the sides are multiplied by, rows first, or one for all.
  package var scale: [Double]?

  /// Creates the description of an upsampling to a size, or by a factor.
  package init(size: [Int]? = nil, scale: [Double]? = nil) { (self.size, self.scale) = (size, scale) }

  /// For each place along a side of the output the place of the input that it repeats, as PyTorch's `upsample_nearest`
  /// has them, in Float.
  ///
  /// - Parameters:
  ///   - input, output: the lengths of the side.
  ///   - scale: the factor that was asked for; `nil` where a size was.
  package static func sources(input: Int, output: Int, scale: Double?) -> [Int] {
    if output == input { return Array(0..<input) }
    if output == 2 * input { return (0..<output).map { $0 / 2 } }
    let step = scale.map { Float(1 / $0) } ?? Float(input) / Float(output)
    return (0..<output).map { min(Int((Float($0) * step).rounded(.down)), input - 1) }
  }

  private static let scaleRange = OptionKind.number(NumberRange(0...1_000, excludesMinimum: true))

  private static let upsample = LayerType(
    "upsample", module: "Upsample", "Makes images larger by repeating the nearest value (nn.Upsample).", Upsample(),
    [
      .option(
        Option(
          "size", .either([.size, .list(.size, count: 1...2), .null]), default: .null,
          "Size after the layer, where scale_factor is not given."),
        set: { layer, options in
          layer.size =
            options.integerIfAny("size").map { [$0] } ?? options.listIfAny("size").map { _ in options.integers("size") }
        },
        value: { layer in
          layer.size.map { $0.count == 1 ? .integer($0[0]) : .list($0.map { .integer($0) }) } ?? .null
        }, isDefault: { if case nil = $0.size { true } else { false } }),
      .option(
        Option(
          "scale_factor", .either([scaleRange, .list(scaleRange, count: 1...2), .null]), default: .null,
          "What the size is multiplied by, where size is not given."),
        set: { layer, options in
          layer.scale =
            options.numberIfAny("scale_factor").map { [$0] }
            ?? options.listIfAny("scale_factor").map { _ in options.numbers("scale_factor") }
        },
        value: { layer in
          layer.scale.map { $0.count == 1 ? .number($0[0]) : .list($0.map { .number($0) }) } ?? .null
        }, isDefault: { if case nil = $0.scale { true } else { false } }),
      .option(
        Option("mode", .choice(["nearest"]), default: .text("nearest"), "Which values are taken."), set: { _, _ in },
        value: { _ in .text("nearest") }, isDefault: { _ in true }),
    ])

  /// `upsample`
  package static var types: [LayerType] { [upsample] }

  /// `upsample`
  package var type: LayerType { Self.upsample }

  /// The shapes of an image or a sequence.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    guard input.rank == 2 || input.rank == 3 else {
      throw ShapeError("needs an image [C, H, W] or a sequence [C, L], its input is [\(input)]")
    }
    let sides = Array(input.dimensions.dropFirst())
    let output: [Int]
    switch (size, scale) {
    case (let size?, nil):
      guard size.count == 1 || size.count == sides.count else {
        throw ShapeError("size has \(size.count) sides, its input [\(input)] has \(sides.count)")
      }
      output = sides.indices.map { size.count == 1 ? size[0] : size[$0] }
    case (nil, let scale?):
      guard scale.count == 1 || scale.count == sides.count else {
        throw ShapeError("scale_factor has \(scale.count) sides, its input [\(input)] has \(sides.count)")
      }
      output = sides.indices.map { Int((Double(sides[$0]) * (scale.count == 1 ? scale[0] : scale[$0])).rounded(.down)) }
    default: throw ShapeError("needs either a size or a scale_factor")
    }
    guard output.allSatisfy({ $0 > 0 }) else {
      throw ShapeError("scale_factor leaves nothing of its input [\(input)]")
    }
    return ShapeInference(output: Shape([input.dimensions[0]] + output))
  }
}
