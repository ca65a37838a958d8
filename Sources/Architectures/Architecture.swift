/// A chain of layers and the shape of the examples that it takes.
public struct Architecture: Hashable, Sendable {
  /// The shape of one example.
  public var input: Shape
  /// The layers, first to last.
  public var layers: [Layer]

  /// Creates a chain.
  public init(input: Shape, layers: [Layer]) { (self.input, self.layers) = (input, layers) }

  /// The layers with their shapes, parameters and costs.
  ///
  /// - Throws: the ``ShapeFault`` of the first layer that does not fit what comes before it or passes
  ///   ``NetworkLimits``.
  public func resolved() throws(ShapeFault) -> [ResolvedLayer] {
    var resolved: [ResolvedLayer] = []
    var shape = input
    var ordinals: [String: Int] = [:]
    var parameters = 0
    for (index, layer) in layers.enumerated() {
      let kind = layer.operation.shortName
      ordinals[kind, default: 0] += 1
      let title = "\(kind)\(ordinals[kind, default: 0])"
      do throws(ShapeProblem) {
        let next = try ResolvedLayer(index: index, title: title, layer: layer, input: shape)
        shape = next.output
        parameters += next.parameters.reduce(0) { $0 + $1.count }
        guard parameters <= NetworkLimits.values else {
          throw ShapeProblem("the network learns \(parameters) values up to here; at most \(NetworkLimits.values) fit")
        }
        resolved.append(next)
      } catch {
        throw ShapeFault(index: index, title: title, problem: error)
      }
    }
    return resolved
  }
}

/// A layer in its place: what goes in, what comes out, what it learns and what it costs.
public struct ResolvedLayer: Hashable, Sendable {
  /// The layer's place in the chain, from 0.
  public let index: Int
  /// Kind and ordinal, as people say it: `conv2` is the second convolution.
  public let title: String
  /// The layer itself.
  public let layer: Layer
  /// The shape of one example before the layer.
  public let input: Shape
  /// The shape of one example after the layer.
  public let output: Shape
  /// What the layer learns, in PyTorch's `state_dict` order.
  public let parameters: [TensorDescription]
  /// What the layer keeps but does not learn (running statistics), in `state_dict` order.
  public let buffers: [TensorDescription]
  /// Multiplications with an addition in one forward pass of one example; zero for layers without weights.
  public let multiplyAdds: Int

  init(index: Int, title: String, layer: Layer, input: Shape) throws(ShapeProblem) {
    (self.index, self.title, self.layer, self.input) = (index, title, layer, input)
    let inference = try layer.operation.inferred(from: input)
    output = inference.output
    multiplyAdds = inference.multiplyAdds
    let prefix = layer.name ?? "\(index)"
    func named(_ tensors: [(String, [Int])]) -> [TensorDescription] {
      tensors.map { TensorDescription(name: "\(prefix).\($0.0)", shape: $0.1) }
    }
    parameters = named(inference.parameters)
    buffers = named(inference.buffers)
  }
}

extension ResolvedLayer {
  /// Examples that a training step needs: 2 where a batch normalisation has one value a channel and example, whose
  /// variance one example does not give (PyTorch refuses it), otherwise 1.
  public var minimumBatch: Int {
    guard case .batchNorm = layer.operation else { return 1 }
    return input.count == input.dimensions[0] ? 2 : 1
  }
}

/// A tensor's name in weight files and its shape in PyTorch's layout.
public struct TensorDescription: Hashable, Sendable {
  /// The name, such as `0.weight`.
  public let name: String
  /// Sizes, outermost first; empty for a scalar.
  public let shape: [Int]

  /// Creates a description.
  public init(name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }
}

/// Why a layer does not fit what comes before it.
public struct ShapeFault: Error, Hashable, CustomStringConvertible {
  /// The layer's place in the chain, from 0.
  public let index: Int
  /// The layer as people say it: `conv2`.
  public let title: String
  /// What is wrong.
  public let problem: ShapeProblem

  /// The layer, a colon, and what is wrong: `conv2: kernel 5 does not fit its 4 × 4 input`.
  public var description: String { "\(title): \(problem.message)" }
}

/// What is wrong with a layer in its place.
public struct ShapeProblem: Error, Hashable {
  /// The rule that is broken and the values that break it.
  public let message: String

  init(_ message: String) { self.message = message }
}
