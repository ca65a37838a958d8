/// One layer of a chain: what it does, and whether it learns.
package struct Layer: Hashable, Sendable {
  /// What the layer computes, with all its options.
  package var kind: any LayerKind
  /// Whether the optimizer changes the layer's parameters (PyTorch's `requires_grad`).
  package var trainable: Bool
  /// The layer's name in weight files (`conv1` in `conv1.weight`); its index in the chain where there is none.
  package var name: String?
  /// What the layer has of its own in place of what the optimizer and the model say.
  package var own = Own()

  /// What a layer says of its parameters beside its kind.
  package struct Own: Hashable, Sendable {
    /// The learning rate; `nil` takes the optimizer's.
    package var learningRate: Double?
    /// The weight decay; `nil` takes the optimizer's.
    package var weightDecay: Double?
    /// How the parameters begin; `nil` leaves what PyTorch's module has when it is made.
    package var initialisers: Initialisers?

    /// Creates what a layer without settings of its own has.
    package init() {}
  }

  /// Creates a layer; by default it learns and is known by its index.
  package init(_ kind: any LayerKind, trainable: Bool = true, name: String? = nil) {
    (self.kind, self.trainable, self.name) = (kind, trainable, name)
  }

  /// Whether two layers have the same kind with the same options, learn alike and have the same name.
  package static func == (first: Layer, second: Layer) -> Bool {
    first.trainable == second.trainable && first.name == second.name && first.own == second.own
      && first.kind == second.kind
  }

  /// Hashes what makes layers equal.
  package func hash(into hasher: inout Hasher) {
    kind.hash(into: &hasher)
    hasher.combine(trainable)
    hasher.combine(name)
    hasher.combine(own)
  }
}

extension Layer {
  /// What the layer has of its own, as options; nothing where it says nothing.
  package var ownOptions: [(name: String, value: OptionValue)] {
    var options: [(name: String, value: OptionValue)] = []
    if let rate = own.learningRate { options.append(("lr", .number(rate))) }
    if let decay = own.weightDecay { options.append(("weight_decay", .number(decay))) }
    if let initialisers = own.initialisers { options.append(("init", initialisers.optionValue)) }
    return options
  }

  /// The options that differ from their defaults, those of the layer's own among them, as a person says them:
  /// `out_features 10, lr 0.1`.
  package var optionText: String {
    ([kind.optionText] + ownOptions.map { "\($0.name) \($0.value.text)" }).filter { !$0.isEmpty }.joined(
      separator: ", ")
  }
}

extension Layer: OptionRepresentable, OptionDescribed {
  init?(optionValue: OptionValue?) {
    guard case .described(let value)? = optionValue, let layer = value.value as? Layer else { return nil }
    self = layer
  }

  /// The layer as an option of a nested one.
  package var optionValue: OptionValue { .described(DescribedValue(self)) }

  /// All that describes the layer: its type, its options, and what it has beside them.
  package var described: Options {
    let (type, options) = kind.asOptions
    var values = Dictionary(uniqueKeysWithValues: (options + ownOptions).map { ($0.name, $0.value) })
    values["type"] = .text(type)
    if !trainable { values["trainable"] = .boolean(false) }
    if let name { values["name"] = .text(name) }
    return Options(values)
  }

  /// The layer without what changes no number: its name, and what its kind says in other words.
  package var normalized: Layer {
    var layer = Layer(kind.normalized, trainable: trainable)
    layer.own = own
    return layer
  }
}

extension [Layer] {
  /// The kinds of layers in order, as a drawing of the network calls them; flattening goes without saying.
  package var diagram: String { compactMap(\.kind.diagramName).joined(separator: " → ") }
}
