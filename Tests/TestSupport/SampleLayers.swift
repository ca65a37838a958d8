import Architectures

extension LayerType {
  /// The smallest layer of the type: options that must be given are samples of their kinds, the others their defaults.
  ///
  /// - Parameter given: values that a test wants otherwise; those whose options the type has not are left out.
  package func sample(_ given: [String: OptionValue] = [:]) -> Layer {
    let needed = table.options.filter { $0.defaultValue == nil && !$0.isOptional }.map { ($0.name, $0.kind.sample) }
    var values = Dictionary(uniqueKeysWithValues: needed)
    // Which needs one of two options that are both null by default.
    if table.name == "upsample" { values["size"] = .integer(3) }
    for (name, value) in given where table.option(name) != nil { values[name] = value }
    return layer(table.filled(values))
  }
}

extension OptionKind {
  /// A small value of the kind.
  fileprivate var sample: OptionValue {
    switch self {
    case .boolean: .boolean(true)
    case .integer(let range): .integer(min(max(range.lowerBound, 3), range.upperBound))
    case .number(let range): .number((range.minimum + range.maximum) / 2)
    case .text: .text("a")
    case .choice(let words): .text(words[0])
    case .list(_, let count) where count == 1...3: .list([.integer(2), .integer(3)])
    case .list(let kind, let count): .list(Array(repeating: kind.sample, count: max(1, count.lowerBound)))
    case .null: .null
    case .either(let kinds): kinds[0].sample
    case .object(let table): .object(table.filled([:]))
    case .layer: Layer(Activation.relu).optionValue
    case .tagged(let tables): .object(tables[0].filled(["name": .text(tables[0].name)]))
    }
  }
}
