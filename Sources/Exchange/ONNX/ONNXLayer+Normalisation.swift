import Architectures

extension BatchNorm: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    if trackRunningStats { return try graph.byRunningStatistics(layer, eps, input) }
    // Without running statistics PyTorch takes those of the batch that it evaluates.
    let axes = [0] + (2..<(layer.input.count + 1))
    let value = graph.standardised(input, over: axes, eps)
    return try graph.scaled(value, layer)
  }
}

extension InstanceNorm: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    if trackRunningStats { return try graph.byRunningStatistics(layer, eps, input) }
    let value = graph.standardised(input, over: Array(2..<(layer.input.count + 1)), eps)
    return try graph.scaled(value, layer)
  }
}

extension GroupNorm: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let grouped = graph.reshape(input, to: [groups, layer.input.reduce(1, *) / groups])
    let value = graph.reshape(graph.standardised(grouped, over: [2], eps), to: layer.input)
    return try graph.scaled(value, layer)
  }
}

extension LayerNorm: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let first = layer.input.count + 1 - normalizedShape.count
    let value = graph.standardised(input, over: Array(first..<(layer.input.count + 1)), eps)
    return try graph.scaled(value, layer, unfolded: false)
  }
}

extension LocalResponseNorm: ONNXLayer {
  /// `x / (k + alpha / size · Σ x²)^beta`; the sum over neighbouring channels is a convolution with ones. ONNX's `LRN` has
  /// its window of an even size one channel further on, and takes no sequences.
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    let channels = layer.input[0]
    let ones = (0..<channels).flatMap { channel in
      (0..<channels).map { neighbour -> Float in
        (channel - size / 2...channel + (size - 1) / 2).contains(neighbour) ? Float(alpha / Double(size)) : 0
      }
    }
    let weight = graph.constant(.floats(ones, shape: [channels, channels] + layer.input.dropFirst().map { _ in 1 }))
    let sums = graph.add("Conv", [graph.add("Mul", [input, input]), weight])
    let power = graph.add("Pow", [graph.add("Add", [sums, graph.scalar(k)]), graph.scalar(beta)])
    return graph.add("Div", [input, power])
  }
}

extension ONNXGraph {
  /// Normalises each channel by running statistics.
  fileprivate mutating func byRunningStatistics(_ layer: ONNXPlace, _ eps: Double, _ input: String) throws -> String {
    let channels = layer.input[0]
    let tensors = [
      try layer.tensor("weight", or: 1, count: channels, in: &self),
      try layer.tensor("bias", or: 0, count: channels, in: &self),
      try layer.tensor("running_mean", or: 0, count: channels, in: &self),
      try layer.tensor("running_var", or: 1, count: channels, in: &self),
    ]
    return add("BatchNormalization", [input] + tensors, [("epsilon", .float(eps))])
  }

  /// `(x − mean) / √(variance + eps)` over some axes.
  fileprivate mutating func standardised(_ input: String, over axes: [Int], _ eps: Double) -> String {
    func mean(_ value: String) -> String { add("ReduceMean", [value], [("axes", .integers(axes))]) }
    let centred = add("Sub", [input, mean(input)])
    let variance = mean(add("Mul", [centred, centred]))
    return add("Div", [centred, add("Sqrt", [add("Add", [variance, scalar(eps)])])])
  }

  /// Multiplies by the layer's weight and adds its bias, where it has them.
  ///
  /// - Parameter unfolded: whether they have one value per channel, which is the first of an example's dimensions.
  fileprivate mutating func scaled(_ input: String, _ layer: ONNXPlace, unfolded: Bool = true) throws -> String {
    var value = input
    for (name, operation) in [("weight", "Mul"), ("bias", "Add")] {
      guard let tensor = try layer.tensor(name, in: &self) else { continue }
      value = add(operation, [value, unfolded ? perChannel(tensor, layer) : tensor])
    }
    return value
  }

  /// A tensor of one value per channel in a shape that goes with examples.
  mutating func perChannel(_ tensor: String, _ layer: ONNXPlace) -> String {
    layer.input.count == 1 ? tensor : add("Unsqueeze", [tensor, integers(Array(1..<layer.input.count))])
  }
}
