/// Adds rows and columns around images, or values around sequences (`nn.ZeroPad2d`, `nn.ConstantPad2d`,
/// `nn.ReflectionPad2d`, `nn.ReplicationPad2d`, `nn.CircularPad2d` and their 1-D sisters).
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`
/// - Output: `[N, C, top + H + bottom, left + W + right]`
package struct ImagePadding: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// What is added.
  package var fill: Fill
  /// How many rows and columns on each side.
  package var sides: Border
  /// The value that a `constant` padding adds.
  package var value: Double

  /// What is added.
  package enum Fill: String, Hashable, Sendable, CaseIterable {
    /// Zeros.
    case zero
    /// One value.
    case constant
    /// The image mirrored at its edge, the edge itself not repeated.
    case reflection
    /// The value at the nearest edge.
    case replication
    /// The opposite side of the image.
    case circular
  }

  /// Creates the description of a padding.
  package init(rank: SpatialRank = .two, _ fill: Fill, _ sides: Border, value: Double = 0) {
    (self.rank, self.fill, self.sides, self.value) = (rank, fill, sides, value)
  }

  private static let rankedTypes = Dictionary(
    uniqueKeysWithValues: Fill.allCases.map { fill in (fill, RankedTypes { layerType(fill, $0) }) })

  private static func layerType(_ fill: Fill, _ rank: SpatialRank) -> LayerType {
    let added =
      switch fill {
      case .zero: "zeros"
      case .constant: "a value"
      case .reflection: "the image mirrored at its edge"
      case .replication: "the value at the nearest edge"
      case .circular: "the opposite side"
      }
    let module = "\(fill.rawValue.prefix(1).uppercased())\(fill.rawValue.dropFirst())Pad\(rank.rawValue)d"
    let value = OptionField<ImagePadding>.required(
      "value", .number(NumberRange(-1_000...1_000)), \.value, "What is added.")
    return LayerType(
      "\(fill.rawValue)_pad\(rank.rawValue)d", module: module, rank: rank, "Adds \(added) on each side (nn.\(module)).",
      ImagePadding(rank: rank, fill, .none), [sidesField(rank)] + (fill == .constant ? [value] : []))
  }

  private static func sidesField(_ rank: SpatialRank) -> OptionField<ImagePadding> {
    let side = OptionKind.integer(0...1_000_000)
    let count = 2 * rank.rawValue
    return .option(
      Option(
        "padding", .either([side, .list(side, count: count...count)]),
        "On all sides, or a list of left and right\(rank == .two ? ", top and bottom" : "")."),
      set: { padding, options in
        let all =
          options.integerIfAny("padding").map { Array(repeating: $0, count: count) }
          ?? options.integers("padding")
        let (top, bottom) = rank == .two ? (all[2], all[3]) : (0, 0)
        padding.sides = Border(top: top, left: all[0], bottom: bottom, right: all[1])
      },
      value: { padding in
        let border = padding.sides
        let all = [border.left, border.right] + (rank == .two ? [border.top, border.bottom] : [])
        return Set(all).count == 1 ? .integer(all[0]) : .list(all.map { .integer($0) })
      }, isDefault: { _ in false })
  }

  /// `zero_pad2d`, `zero_pad1d`, `constant_pad2d` …
  package static var types: [LayerType] { Fill.allCases.flatMap { rankedTypes[$0]?.all ?? [] } }

  /// The type of the layer's fill and rank.
  package var type: LayerType {
    guard let types = Self.rankedTypes[fill] else { preconditionFailure("\(fill) has no type") }
    return types[rank]
  }

  /// `PAD`
  package var diagramName: String? { "PAD" }

  /// The shapes of an input of the padding's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    var image = try ImageShape(input, rank: rank)
    // A mirror does not show its own edge, and nothing is shown twice.
    let most: (height: Int, width: Int)? =
      switch fill {
      case .zero, .constant, .replication: nil
      case .reflection: (image.height - 1, image.width - 1)
      case .circular: (image.height, image.width)
      }
    if let most, max(sides.left, sides.right) > most.width || max(sides.top, sides.bottom) > most.height {
      let rows = rank == .two ? " and \(most.height) rows" : ""
      throw ShapeError(
        "padding must be at most \(most.width) columns\(rows), for its input is \(image.text(rank: rank))")
    }
    image.height += sides.top + sides.bottom
    image.width += sides.left + sides.right
    return ShapeInference(output: image.shape(rank: rank))
  }
}
