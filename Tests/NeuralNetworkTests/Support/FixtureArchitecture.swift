import Architectures

/// A chain of layers as the fixtures' JSON describes it: PyTorch's module names in snake_case, its argument names.
struct FixtureChain: Decodable {
  let shape: [Int]
  let layers: [FixtureLayer]

  var architecture: Architecture { Architecture(input: Shape(shape), layers: layers.map(\.layer)) }
}

/// A layer with its `type` and its options, as a grid has them.
struct FixtureLayer: Decodable {
  let layer: Layer

  init(from decoder: any Decoder) throws {
    let options = try FixtureOptions(from: decoder).values
    guard let layer = Self.layer(options) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such layer: \(options)"))
    }
    self.layer = layer
  }

  private static func layer(_ described: [String: OptionValue]) -> Layer? {
    var options = described
    guard case .text(let name)? = options.removeValue(forKey: "type"), let type = LayerRegistry.type(named: name) else {
      return nil
    }
    if let shape = options.removeValue(forKey: "shape") { options["unflattened_size"] = shape }
    for (name, value) in options {
      guard let option = type.layerTable.option(name) else { return nil }
      if option.kind.holdsLayers { options[name] = layers(in: value) }
    }
    return type.layer(type.table.filled(options), trainable: options["trainable"] != .boolean(false))
  }

  /// Layers in place of the objects that describe them.
  private static func layers(in value: OptionValue) -> OptionValue? {
    switch value {
    case .list(let values): .list(values.compactMap(layers))
    case .object(let options):
      layer(Dictionary(uniqueKeysWithValues: options.sorted.map { ($0.name, $0.value) }))?.optionValue
    default: nil
    }
  }
}

/// An optimizer with its `name` and its options, as a grid has them.
struct FixtureOptimizer: Decodable {
  let name: String
  let optimizer: Optimizer

  init(from decoder: any Decoder) throws {
    var options = try FixtureOptions(from: decoder).values
    guard case .text(let name)? = options.removeValue(forKey: "name"),
      let table = Optimizer.tables.first(where: { $0.name == name }),
      options.keys.allSatisfy({ table.option($0) != nil })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such optimizer: \(options)"))
    }
    self.name = name
    optimizer = try Optimizer(name, table.filled(options))
  }
}

/// A loss with its `name` and its options, as a grid has them.
struct FixtureLoss: Decodable {
  let loss: Loss

  init(from decoder: any Decoder) throws {
    var options = try FixtureOptions(from: decoder).values
    guard case .text(let name)? = options.removeValue(forKey: "name"),
      let table = Loss.tables.first(where: { $0.name == name }), options.keys.allSatisfy({ table.option($0) != nil })
    else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such loss: \(options)"))
    }
    loss = try Loss(name, table.filled(options))
  }
}

/// An initialiser with its `name` and its arguments, as a grid has them.
struct FixtureInitialiser: Decodable {
  let initialiser: Initialiser

  init(from decoder: any Decoder) throws {
    let options = try FixtureOptions(from: decoder).values
    guard let initialiser = Initialiser(.object(Options(options))) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such initialiser: \(options)"))
    }
    self.initialiser = initialiser
  }
}

/// The keys of a JSON object with their values as options.
private struct FixtureOptions: Decodable {
  let values: [String: OptionValue]

  init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    var values: [String: OptionValue] = [:]
    for key in box.allKeys { values[key.stringValue] = try box.decode(FixtureValue.self, forKey: key).value }
    self.values = values
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

/// A JSON value as an option.
private struct FixtureValue: Decodable {
  let value: OptionValue

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      value = .null
    } else if let flag = try? box.decode(Bool.self) {
      value = .boolean(flag)
    } else if let number = try? box.decode(Int.self) {
      value = .integer(number)
    } else if let number = try? box.decode(Double.self) {
      value = .number(number)
    } else if let text = try? box.decode(String.self) {
      value = .text(text)
    } else if let options = try? box.decode(FixtureOptions.self) {
      value = .object(Options(options.values))
    } else {
      value = .list(try box.decode([FixtureValue].self).map(\.value))
    }
  }
}
