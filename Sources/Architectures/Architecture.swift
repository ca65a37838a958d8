/// A chain of layers and the shape of the examples that it takes.
package struct Architecture: Hashable, Sendable {
  /// The shape of one example.
  package var input: Shape
  /// The layers, first to last.
  package var layers: [Layer]

  /// Creates a chain.
  package init(input: Shape, layers: [Layer]) { (self.input, self.layers) = (input, layers) }

  /// The layers with their shapes, parameters and costs.
  ///
  /// - Throws: the ``ArchitectureError`` of the first layer that does not fit what comes before it or passes
  ///   ``NetworkLimits``.
  package func resolved() throws(ArchitectureError) -> [ResolvedLayer] {
    var resolved: [ResolvedLayer] = []
    var shape = input
    var ordinals: [String: Int] = [:]
    var parameters = 0
    for (index, layer) in layers.enumerated() {
      let name = layer.kind.type.shortName
      ordinals[name, default: 0] += 1
      let title = "\(name)\(ordinals[name, default: 0])"
      do throws(ShapeError) {
        let next = try ResolvedLayer(index: index, title: title, layer: layer, input: shape)
        shape = next.output
        parameters += next.parameters.reduce(0) { $0 + $1.count }
        guard parameters <= NetworkLimits.values else {
          throw ShapeError("the network learns \(parameters) values up to here; at most \(NetworkLimits.values) fit")
        }
        resolved.append(next)
      } catch {
        throw ArchitectureError(index: index, title: title, reason: error)
      }
    }
    return resolved
  }

  /// The network with an initialisation for each layer that has none of its own: for the layers whose weight has two
  /// dimensions or more, as a script has it that asks for `nn.Linear` and `nn.Conv2d`.
  ///
  /// - Parameter resolved: the network's layers with their parameters.
  package func initialized(_ initialisation: Initialisers, _ resolved: [ResolvedLayer]) -> Architecture {
    var architecture = self
    for layer in resolved
    where layer.layer.own.initialisers == nil && layer.layer.kind.type.weight == .matrix {
      let hasBias = layer.parameters.contains { $0.name.hasSuffix(".bias") }
      let own = Initialisers(weight: initialisation.weight, bias: hasBias ? initialisation.bias : nil)
      if own != Initialisers() { architecture.layers[layer.index].own.initialisers = own }
    }
    return architecture
  }
}
