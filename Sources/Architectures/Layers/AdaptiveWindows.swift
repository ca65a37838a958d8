/// What the poolings over windows chosen for an output size have in common.
package enum AdaptiveWindows {
  /// The window of each place along a side of the output, as PyTorch cuts them.
  ///
  /// - Parameters:
  ///   - input, output: the lengths of the side.
  package static func ranges(input: Int, output: Int) -> [Range<Int>] {
    (0..<output).map { $0 * input / output..<(($0 + 1) * input + output - 1) / output }
  }

  /// The shapes of an input of the pooling's rank; a size that is `nil` keeps the input's.
  static func inferred(
    from input: Shape, _ rank: SpatialRank, _ height: Int?, _ width: Int?
  ) throws(ShapeError) -> ShapeInference {
    var image = try ImageShape(input, rank: rank)
    image.height = height ?? image.height
    image.width = width ?? image.width
    return ShapeInference(output: image.shape(rank: rank))
  }

  /// The option `output_size`.
  static func field<Pooling>(
    _ rank: SpatialRank, _ height: WritableKeyPath<Pooling, Int?> & Sendable,
    _ width: WritableKeyPath<Pooling, Int?> & Sendable
  ) -> OptionField<Pooling> {
    let kind = OptionKind.either([.size, .list(.nullable(.size), count: rank.rawValue...rank.rawValue)])
    return .option(
      Option("output_size", kind, "Size after the layer; a null in a list keeps the input's."),
      set: { pooling, options in
        let sides: [Int?] =
          options.listIfAny("output_size")?.map { if case .integer(let side) = $0 { side } else { nil } }
          ?? Array(repeating: options.integer("output_size"), count: rank.rawValue)
        pooling[keyPath: height] = rank == .two ? sides[0] : 1
        pooling[keyPath: width] = sides[rank.rawValue - 1]
      },
      value: { pooling in
        let sides = rank == .two ? [pooling[keyPath: height], pooling[keyPath: width]] : [pooling[keyPath: width]]
        return .list(sides.map(\.optionValue))
      }, isDefault: { _ in false })
  }
}
