/// A chain of layers and the shape of the examples that it takes.
package struct Architecture: Hashable, Sendable {
  /// The shape of one example.
  package var input: Shape
  /// The layers, first to last.
  package var layers: [Layer]

  /// Creates a chain.
  package init(input: Shape, layers: [Layer]) { (self.input, self.layers) = (input, layers) }

  /// All layers with their shapes, parameters and costs, in the order in which they give their outputs: those inside a
  /// nested layer before it. The last is the network's last.
  ///
  /// - Throws: the ``ArchitectureError`` of the first layer that does not fit what comes before it or passes
  ///   ``NetworkLimits``.
  package func resolved() throws(ArchitectureError) -> [ResolvedLayer] {
    var resolver = LayerResolver()
    _ = try resolver.chain(layers, from: input, place: LayerPlace(steps: []), prefix: "", trains: true)
    return resolver.layers
  }

  /// The network with an initialisation for each layer that has none of its own: for the layers whose weight has two
  /// dimensions or more, as a script has it that asks for `nn.Linear` and `nn.Conv2d`.
  ///
  /// - Parameter resolved: the network's layers with their parameters.
  package func initialized(_ initialisation: Initialisers, _ resolved: [ResolvedLayer]) -> Architecture {
    func initialized(_ layers: [Layer], _ resolved: [ResolvedLayer]) -> [Layer] {
      zip(layers, resolved).map { layer, resolved in
        var layer = layer
        if let nested = layer.kind as? any NestedLayerKind {
          layer.kind = nested.replacing(zip(nested.paths, resolved.paths).map { initialized($0.layers, $1) })
        } else if layer.own.initialisers == nil, layer.kind.type.weight == .matrix {
          let hasBias = resolved.parameters.contains { $0.name.hasSuffix(".bias") }
          let own = Initialisers(weight: initialisation.weight, bias: hasBias ? initialisation.bias : nil)
          if own != Initialisers() { layer.own.initialisers = own }
        }
        return layer
      }
    }
    return Architecture(input: input, layers: initialized(layers, resolved.chain))
  }

  /// All layers, those inside a nested layer before it.
  package var everyLayer: [Layer] {
    func all(_ layers: [Layer]) -> [Layer] {
      layers.flatMap { layer in
        ((layer.kind as? any NestedLayerKind)?.paths ?? []).flatMap { all($0.layers) } + [layer]
      }
    }
    return all(layers)
  }
}
