import Architectures

/// A kind of layer that is said in ONNX's operators, as it computes in evaluation.
protocol ONNXLayer: LayerKind {
  /// Adds the layer's operators.
  ///
  /// - Parameters:
  ///   - layer: the layer's shapes, and its weights in the graph.
  ///   - input: the name of the value that it takes.
  /// - Returns: the name of the value that it gives; `input` where it does nothing.
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String
}

/// A layer in its place in a graph.
struct ONNXPlace {
  /// Shapes, and the names of its tensors.
  let resolved: ResolvedLayer
  /// All weights of the network.
  let weights: ONNXNetwork.Weights

  /// The shape of one example before the layer.
  var input: [Int] { resolved.input.dimensions }
  /// The shape of one example after the layer.
  var output: [Int] { resolved.output.dimensions }

  /// Adds the layer's parameter or running statistic to the graph; `nil` where it has none of that name.
  ///
  /// - Parameter name: the last part of PyTorch's: `weight`, `running_mean`.
  func tensor(_ name: String, in graph: inout ONNXGraph) throws -> String? {
    let all = resolved.parameters + resolved.buffers
    guard let tensor = all.first(where: { $0.name.hasSuffix(".\(name)") }) else { return nil }
    let values = weights[tensor.name]
    guard let values, values.count == tensor.count else {
      throw ONNXError.weights(name: tensor.name, expected: tensor.count, found: values?.count)
    }
    return graph.weight(tensor.name, values, shape: tensor.shape)
  }

  /// The same, or a tensor of one value in its place.
  func tensor(_ name: String, or value: Float, count: Int, in graph: inout ONNXGraph) throws -> String {
    if let tensor = try tensor(name, in: &graph) { return tensor }
    return graph.constant(.floats(Array(repeating: value, count: count), shape: [count]))
  }
}

extension ONNXGraph {
  /// Adds a chain of layers.
  ///
  /// - Returns: the name of the value that the last gives.
  mutating func add(
    _ layers: [ResolvedLayer], after input: String, _ weights: ONNXNetwork.Weights
  ) throws -> String {
    var value = input
    for resolved in layers {
      guard let kind = resolved.layer.kind as? any ONNXLayer else {
        throw ONNXError.unknownLayer(
          title: resolved.place.titled(resolved.title), type: resolved.layer.kind.type.table.name)
      }
      begin(layer: resolved.title)
      value = try kind.add(to: &self, ONNXPlace(resolved: resolved, weights: weights), value)
    }
    return value
  }
}

extension Residual: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let paths = try layer.resolved.paths.map { try graph.add($0, after: input, layer.weights) }
    graph.begin(layer: layer.resolved.title)
    return graph.add("Add", paths)
  }
}

extension Concat: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let paths = try layer.resolved.paths.map { try graph.add($0, after: input, layer.weights) }
    graph.begin(layer: layer.resolved.title)
    return graph.add("Concat", paths, [("axis", .integer(1))])
  }
}
