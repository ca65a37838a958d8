/// Finds the shapes of a network's layers, one after another, and gives them their names.
struct LayerResolver {
  /// Every layer, in the order in which they give their outputs.
  private(set) var layers: [ResolvedLayer] = []
  private var ordinals: [String: Int] = [:]
  private var parameters = 0
  private var tensors: Set<String> = []

  /// The layers of a chain, and the shape that it gives.
  ///
  /// - Parameters:
  ///   - place: where the chain stands; empty for the network's own.
  ///   - prefix: what the names of its tensors begin with.
  ///   - trains: whether the layer that it lies in learns.
  mutating func chain(
    _ chain: [Layer], from input: Shape, place: LayerPlace, prefix: String, trains: Bool
  ) throws(ArchitectureError) -> (layers: [ResolvedLayer], output: Shape) {
    var result: [ResolvedLayer] = []
    var shape = input
    for (index, layer) in chain.enumerated() {
      var layer = layer
      layer.trainable = layer.trainable && trains
      let place = LayerPlace(steps: place.steps + [.index(index)])
      let resolved = try resolve(layer, from: shape, place: place, name: prefix + (layer.name ?? "\(index)"))
      shape = resolved.output
      result.append(resolved)
    }
    return (result, shape)
  }

  private mutating func resolve(
    _ layer: Layer, from input: Shape, place: LayerPlace, name: String
  ) throws(ArchitectureError) -> ResolvedLayer {
    var (paths, outputs): ([[ResolvedLayer]], [Shape]) = ([], [])
    let nested = layer.kind as? any NestedLayerKind
    for path in nested?.paths ?? [] {
      let (layers, output) = try chain(
        path.layers, from: input, place: LayerPlace(steps: place.steps + path.steps),
        prefix: "\(name).\(path.steps.map(\.name).joined(separator: ".")).", trains: layer.trainable)
      paths.append(layers)
      outputs.append(output)
    }
    let kind = layer.kind.type.shortName
    ordinals[kind, default: 0] += 1
    let title = "\(kind)\(ordinals[kind, default: 0])"
    do throws(ShapeError) {
      let inference: ShapeInference
      if let nested {
        inference = ShapeInference(output: try nested.joined(outputs, from: input))
        _ = try NetworkLimits.product(inference.output.dimensions, "its output")
      } else {
        inference = try layer.kind.limited(from: input)
      }
      let resolved = try ResolvedLayer(
        index: layers.count, place: place, title: title, name: name, layer: layer, input: input, inference,
        paths: paths)
      for tensor in resolved.parameters + resolved.buffers where !tensors.insert(tensor.name).inserted {
        throw ShapeError("its tensor \(tensor.name) has the name of another layer's; give one of them another name")
      }
      parameters += resolved.parameters.reduce(0) { $0 + $1.count }
      guard parameters <= NetworkLimits.values else {
        throw ShapeError("the network learns \(parameters) values up to here; at most \(NetworkLimits.values) fit")
      }
      layers.append(resolved)
      return resolved
    } catch {
      throw ArchitectureError(
        place: place, title: nested == nil ? place.titled(title) : "\(title) (\(place))", reason: error)
    }
  }
}

extension LayerPlace.Step {
  /// The step as weight files name it.
  fileprivate var name: String {
    switch self {
    case .key(let key): key
    case .index(let index): "\(index)"
    }
  }
}
