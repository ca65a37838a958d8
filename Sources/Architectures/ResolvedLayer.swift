/// A layer in its place: what goes in, what comes out, what it learns and what it costs.
package struct ResolvedLayer: Hashable, Sendable {
  /// The layer's place among all layers, in the order in which they give their outputs, from 0.
  package let index: Int
  /// Where the layer stands in the description.
  package let place: LayerPlace
  /// Kind and ordinal, as people say it: `conv2` is the second convolution.
  package let title: String
  /// The layer itself; frozen where the one that it lies in is.
  package let layer: Layer
  /// The shape of one example before the layer.
  package let input: Shape
  /// The shape of one example after the layer.
  package let output: Shape
  /// What the layer learns, in PyTorch's `state_dict` order.
  package let parameters: [TensorDescription]
  /// What the layer keeps but does not learn (running statistics), in `state_dict` order.
  package let buffers: [TensorDescription]
  /// Multiplications with an addition in one forward pass of one example; zero for layers without weights.
  package let multiplyAdds: Int
  /// The chains of a nested layer, in its order; their layers have the parameters and the cost.
  package let paths: [[ResolvedLayer]]

  init(
    index: Int, place: LayerPlace, title: String, name prefix: String, layer: Layer, input: Shape,
    _ inference: ShapeInference, paths: [[ResolvedLayer]]
  ) throws(ShapeError) {
    (self.index, self.place, self.title, self.layer, self.input) = (index, place, title, layer, input)
    (output, multiplyAdds, self.paths) = (inference.output, inference.multiplyAdds, paths)
    func named(_ tensors: [(String, [Int])]) -> [TensorDescription] {
      tensors.map { TensorDescription(name: "\(prefix).\($0.0)", shape: $0.1) }
    }
    parameters = inference.parameters.map { name, shape in
      var tensor = TensorDescription(name: "\(prefix).\(name)", shape: shape)
      (tensor.learningRate, tensor.weightDecay) = (layer.own.learningRate, layer.own.weightDecay)
      tensor.initialiser = layer.own.initialisers?[name]
      return tensor
    }
    if let stranger = layer.own.initialisers?.tensors.first(where: { name in
      !inference.parameters.contains { $0.name == name }
    }) {
      throw ShapeError("its init says how its \(stranger) begins, and it has no \(stranger)")
    }
    buffers = named(inference.buffers)
  }

  /// Examples that a training step needs: 2 where a batch normalisation has one value per channel and example,
  /// otherwise 1.
  package var minimumBatch: Int { layer.kind.minimumBatch(input: input) }
  /// Examples that an evaluation needs at once.
  package var minimumEvaluationBatch: Int { layer.kind.minimumEvaluationBatch(input: input) }
}

extension [ResolvedLayer] {
  /// The network's own chain: the layers that lie in no other.
  package var chain: [ResolvedLayer] { filter { $0.place.depth == 0 } }
}

/// A tensor's name in weight files and its shape in PyTorch's layout; of a parameter also how it is learnt.
package struct TensorDescription: Hashable, Sendable {
  /// The name, such as `0.weight`.
  package let name: String
  /// Sizes, outermost first; empty for a scalar.
  package let shape: [Int]
  /// The learning rate; `nil` takes the optimizer's.
  package var learningRate: Double?
  /// The weight decay; `nil` takes the optimizer's.
  package var weightDecay: Double?
  /// How it begins; `nil` leaves what PyTorch's module has when it is made.
  package var initialiser: Initialiser?

  /// Creates a description.
  package init(name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }

  /// The number of values.
  package var count: Int { shape.reduce(1, *) }
}
