/// A type of layer that a grid can name: its options as data, and how they become a ``LayerKind`` and come from one.
package struct LayerType: Sendable {
  /// The name (PyTorch's module name in snake_case) and the options.
  package let table: OptionTable
  /// The name of the PyTorch module: `Conv2d`.
  package let moduleName: String
  /// The name without the rank, as it stands in messages and plans: `conv` in `conv2`.
  package let shortName: String
  /// The option that repeats what the chain already says (`in_channels`): it may be given, and is then checked.
  package let inputOption: String?
  /// The options that a layer of the type may have: its own and the common ones.
  package let layerTable: OptionTable
  /// The shape of its weight, where it has one.
  package let weight: WeightShape?
  /// Whether it works on images or on sequences, where the kind has a type for each.
  let rank: SpatialRank?
  private let make: @Sendable (Options) -> any LayerKind
  private let describe: @Sendable (any LayerKind) -> [DescribedOption]

  /// - Parameters:
  ///   - module: the name of the PyTorch module.
  ///   - input: the option that repeats what the chain already says.
  ///   - weight: the shape of its weight, where it has one.
  ///   - template: a layer whose options are the defaults.
  init<Kind: LayerKind>(
    _ name: String, module: String, rank: SpatialRank? = nil, _ documentation: String, input: String? = nil,
    weight: WeightShape? = nil, _ template: Kind, _ fields: [OptionField<Kind>]
  ) {
    let repeated = input.map { Option.optional($0, .size, "Inferred; where it is given it must agree.") }
    let form = OptionForm(name, documentation, template, more: repeated.map { [$0] } ?? [], fields)
    (table, moduleName, inputOption, self.rank) = (form.table, module, input, rank)
    shortName = rank.map { String(name.dropLast("\($0.rawValue)d".count)) } ?? name
    self.weight = weight
    layerTable = OptionTable(
      table.name, table.documentation,
      table.options + Self.commonOptions + (weight.map(Self.learningOptions) ?? []))
    make = { form.value($0) }
    describe = { kind in
      guard let kind = kind as? Kind else { preconditionFailure("\(kind) is not of the type \(name)") }
      return form.options(of: kind)
    }
  }

  /// The layer that checked options describe.
  package func layer(_ options: Options, trainable: Bool = true, name: String? = nil) -> Layer {
    var layer = Layer(make(options), trainable: trainable, name: name)
    layer.own.learningRate = options.numberIfAny("lr")
    layer.own.weightDecay = options.numberIfAny("weight_decay")
    layer.own.initialisers = Initialisers(options)
    return layer
  }

  /// The options that describe a layer of this type.
  func options(of kind: any LayerKind) -> [DescribedOption] { describe(kind) }

  /// Whether an option is a chain of layers.
  func holdsLayers(_ option: String) -> Bool { table.option(option)?.kind.holdsLayers ?? false }

  /// Options that any layer may have beside its own.
  package static let commonOptions: [Option] = [
    .option(
      "trainable", .boolean, default: .boolean(true), "Whether the optimizer changes the layer (requires_grad)."),
    .optional("name", .text(100), "The layer's name in weight files; its place in the chain where there is none."),
  ]

  /// Options that any layer with parameters may have beside these.
  package static func learningOptions(_ weight: WeightShape) -> [Option] {
    [
      .optional(
        "lr", .factor, "The layer's own learning rate, in place of the optimizer's; a scheduler changes it too."),
      .optional("weight_decay", .factor, "The layer's own weight decay, in place of the optimizer's."),
      Initialisers.option(weight, "How the layer's parameters begin, in place of the model's init."),
    ]
  }
}

/// The types of a kind that works on images and on sequences.
struct RankedTypes: Sendable {
  private let two: LayerType
  private let one: LayerType

  init(_ type: (SpatialRank) -> LayerType) { (two, one) = (type(.two), type(.one)) }

  var all: [LayerType] { [two, one] }

  subscript(rank: SpatialRank) -> LayerType { rank == .two ? two : one }
}
