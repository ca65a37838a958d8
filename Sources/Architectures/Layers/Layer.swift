/// One layer of a chain: what it does, and whether it learns.
package struct Layer: Hashable, Sendable {
  /// What the layer computes, with all its options.
  package var kind: any LayerKind
  /// Whether the optimizer changes the layer's parameters (PyTorch's `requires_grad`).
  package var trainable: Bool
  /// The layer's name in weight files (`conv1` in `conv1.weight`); its index in the chain where there is none.
  package var name: String?

  /// Creates a layer; by default it learns and is known by its index.
  package init(_ kind: any LayerKind, trainable: Bool = true, name: String? = nil) {
    (self.kind, self.trainable, self.name) = (kind, trainable, name)
  }

  /// Whether two layers have the same kind with the same options, learn alike and have the same name.
  package static func == (first: Layer, second: Layer) -> Bool {
    first.trainable == second.trainable && first.name == second.name && first.kind == second.kind
  }

  /// Hashes what makes layers equal.
  package func hash(into hasher: inout Hasher) {
    kind.hash(into: &hasher)
    hasher.combine(trainable)
    hasher.combine(name)
  }
}
