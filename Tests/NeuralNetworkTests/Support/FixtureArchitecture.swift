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
    var options = try FixtureOptions(from: decoder).values
    guard case .text(let name)? = options.removeValue(forKey: "type"), let type = LayerRegistry.type(named: name) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "no such layer: \(options)"))
    }
    if let shape = options.removeValue(forKey: "shape") { options["unflattened_size"] = shape }
    let trainable = options.removeValue(forKey: "trainable") != .boolean(false)
    for name in options.keys where type.table.option(name) == nil {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no option \(name)"))
    }
    layer = type.layer(type.table.filled(options), trainable: trainable)
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
    } else {
      value = .list(try box.decode([FixtureValue].self).map(\.value))
    }
  }
}
