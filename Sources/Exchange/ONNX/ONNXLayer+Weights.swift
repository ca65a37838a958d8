import Architectures

// Linear layers and convolutions.

extension Linear: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let tensors = try ["weight", "bias"].compactMap { try layer.tensor($0, in: &graph) }
    return graph.add("Gemm", [input] + tensors, [("transB", .integer(1))])
  }
}

extension Convolution: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let tensors = try ["weight", "bias"].compactMap { try layer.tensor($0, in: &graph) }
    let fill: ONNXFill? =
      switch paddingMode {
      case .zeros: nil
      case .reflect: .reflect
      case .replicate: .edge
      case .circular: .wrap
      }
    let value = fill.map { graph.pad(input, layer.input, border, $0) } ?? input
    let pads = fill == nil ? border : .none
    return graph.add(
      "Conv", [value] + tensors,
      [
        ("kernel_shape", .integers(kernelSize.sides(rank))), ("strides", .integers(stride.sides(rank))),
        ("dilations", .integers(dilation.sides(rank))), ("group", .integer(groups)),
        ("pads", .integers(pads.sides(rank))),
      ])
  }
}

extension TransposedConvolution: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let tensors = try ["weight", "bias"].compactMap { try layer.tensor($0, in: &graph) }
    let attributes: [(name: String, value: ONNXAttribute)] = [
      ("kernel_shape", .integers(kernelSize.sides(rank))), ("strides", .integers(stride.sides(rank))),
      ("dilations", .integers(dilation.sides(rank))), ("group", .integer(groups)),
    ]
    let (added, cut) = (outputPadding.sides(rank), padding.sides(rank))
    if zip(added, stride.sides(rank)).allSatisfy({ $0 < $1 }) {
      return graph.add(
        "ConvTranspose", [input] + tensors,
        attributes + [("pads", .integers(cut + cut)), ("output_padding", .integers(added))])
    }
    // As much as the stride or more, which a large dilation allows, runtimes refuse: less is cut, zeros are added, and the
    // bias comes after them.
    let behind = zip(cut, added).map { max(0, $0 - $1) }
    var value = graph.add("ConvTranspose", [input, tensors[0]], attributes + [("pads", .integers(cut + behind))])
    let zeros = zip(cut, added).map { max(0, $1 - $0) }
    value = graph.pad(
      value, layer.output, Border(top: 0, left: 0, bottom: rank == .two ? zeros[0] : 0, right: zeros[zeros.count - 1]),
      .constant(0))
    guard tensors.count > 1 else { return value }
    let spatial = Array(1..<layer.output.count)
    return graph.add("Add", [value, graph.add("Unsqueeze", [tensors[1], graph.integers(spatial)])])
  }
}

extension Extent {
  /// One number per spatial dimension.
  func sides(_ rank: SpatialRank) -> [Int] { rank == .two ? [height, width] : [width] }
}

extension Border {
  /// ONNX's `pads`: what comes before in each spatial dimension, then what comes behind.
  func sides(_ rank: SpatialRank) -> [Int] { rank == .two ? [top, left, bottom, right] : [left, right] }
}
