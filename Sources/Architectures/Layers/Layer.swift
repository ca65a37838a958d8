/// One layer of a chain: what it does, and whether it learns.
public struct Layer: Hashable, Sendable {
  /// What the layer computes, with all its options.
  public var kind: any LayerKind
  /// Whether the optimizer changes the layer's parameters (PyTorch's `requires_grad`).
  public var trainable: Bool
  /// The layer's name in weight files (`conv1` in `conv1.weight`); its index in the chain where there is none.
  public var name: String?

  /// Creates a layer; by default it learns and is known by its index.
  public init(_ kind: any LayerKind, trainable: Bool = true, name: String? = nil) {
    (self.kind, self.trainable, self.name) = (kind, trainable, name)
  }

  /// Whether two layers have the same kind with the same options, learn alike and have the same name.
  public static func == (first: Layer, second: Layer) -> Bool {
    first.trainable == second.trainable && first.name == second.name && first.kind == second.kind
  }

  /// Hashes what makes layers equal.
  public func hash(into hasher: inout Hasher) {
    kind.hash(into: &hasher)
    hasher.combine(trainable)
    hasher.combine(name)
  }
}
