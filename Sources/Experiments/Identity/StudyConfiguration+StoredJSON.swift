import Architectures
import Presentation

extension StudyConfiguration {
  /// Everything about the configuration as JSON, so that a store can keep it: label, settings, configuration with
  /// paths and layers' names, and the description of its data. ``init(storedJSON:)`` reads it back.
  package var storedJSON: String {
    let value: JSONValue = [
      "label": .string(label),
      "settings": .array(settings.map { .array([.string($0.path), .string($0.value)]) }),
      "configuration": resolved.json,
      "data": [
        "name": .string(dataset.name), "shape": .array(dataset.shape.dimensions.map { .integer($0) }),
        "classes": .array(dataset.classes.map { .string($0) }), "train": .integer(dataset.trainCount),
        "validation": .integer(dataset.validationCount), "test": .integer(dataset.testCount),
      ],
    ]
    return value.compactText
  }

  /// Reads what ``storedJSON`` wrote.
  ///
  /// - Throws: ``StoredJSONError`` where the text is something else.
  package init(storedJSON: String) throws(StoredJSONError) {
    self = try StoredReader.read(storedJSON) { (stored) throws(StoredJSONError) in try stored.configuration() }
  }

  /// What the configuration says at a path such as `optimizer.lr`, as text: as its study's table shows it, or else as
  /// the resolved configuration has it; `nil` where it has nothing there.
  package func value(at path: String) -> String? {
    settings.first { $0.path == path }?.value ?? Self.text(at: path, of: resolved.json)
  }

  /// The same of a configuration that was read as JSON from its ``storedJSON``, which is quicker than to read it whole.
  package static func value(at path: String, inStored stored: JSONValue) -> String? {
    let setting = (stored["settings"]?.array ?? []).first { $0.array?.first?.string == path }
    return setting?.array?.last?.string ?? stored["configuration"].flatMap { text(at: path, of: $0) }
  }

  private static func text(at path: String, of configuration: JSONValue) -> String? {
    let value = path.split(separator: ".").reduce(Optional(configuration)) { $0?[String($1)] }
    guard let value, value != .null else { return nil }
    return value.string ?? value.compactText
  }
}

extension RecordedConfiguration {
  /// Everything about the configuration as JSON, so that a store can keep it. ``init(storedJSON:)`` reads it back.
  package var storedJSON: String { trainable?.storedJSON ?? importedJSON.compactText }

  /// SHA-256, in hexadecimal, of what makes the configuration the same as another: of one that another program trained,
  /// name, settings and the length of an epoch.
  package var hash: String { resolved?.hash ?? ContentDigest.hex(of: Array(importedJSON.compactText.utf8)) }

  private var importedJSON: JSONValue {
    [
      "label": .string(label), "settings": .array(settings.map { .array([.string($0.path), .string($0.value)]) }),
      "imported": ["iterations_per_epoch": .optional(iterationsPerEpoch)],
    ]
  }

  /// Reads what ``storedJSON`` wrote.
  ///
  /// - Throws: ``StoredJSONError`` where the text is something else.
  package init(storedJSON: String) throws(StoredJSONError) {
    self = try StoredReader.read(storedJSON) { (stored) throws(StoredJSONError) in try stored.recorded() }
  }
}

/// Why a stored configuration could not be read back.
package struct StoredJSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package let message: String

  /// Creates an error.
  package init(message: String) { self.message = message }

  /// What is wrong.
  package var description: String { "stored configuration: \(message)" }
}

/// Reads a stored configuration with the tables that grids are read with.
private struct StoredReader {
  let reader: OptionReader
  let root: JSONNode

  /// Reads a text as a whole.
  static func read<Value>(
    _ text: String, _ body: (StoredReader) throws(StoredJSONError) -> Value
  ) throws(StoredJSONError) -> Value {
    var reader = JSONReader(Array(text.utf8))
    let log = ErrorLog(file: "stored configuration", root: nil)
    do {
      let value = try body(StoredReader(reader: OptionReader(log: log), root: try reader.read()))
      try log.check()
      return value
    } catch let error as StoredJSONError {
      throw error
    } catch let error as JSONReader.SyntaxError {
      throw StoredJSONError(message: "column \(error.position.column): \(error.message)")
    } catch {
      throw StoredJSONError(message: "\(error)")
    }
  }

  func recorded() throws(StoredJSONError) -> RecordedConfiguration {
    guard let imported = root["imported"]?.value else { return RecordedConfiguration(try configuration()) }
    let length = try member(imported, "iterations_per_epoch")
    let isKnown = if case .null = length.content { false } else { true }
    return RecordedConfiguration(
      importedAs: try text(root, "label"), settings: try settings(),
      iterationsPerEpoch: isKnown ? try count(imported, "iterations_per_epoch", from: 1) : nil)
  }

  func configuration() throws(StoredJSONError) -> StudyConfiguration {
    let stored = try object(root, "configuration")
    let settings = try settings()
    let layers = try list(stored, "layers")
    guard let model = layers.isEmpty ? ModelDescription.layers([], nil) : reader.readModel(layersNode(layers)),
      case .layers(let described, _) = model,
      let dataset = reader.readDataset(try withoutNulls(object(stored, "dataset"))),
      let loss = reader.readLoss(try member(stored, "loss")),
      let optimizer = reader.readOptimizer(try object(stored, "optimizer")),
      let training = reader.readTraining(try object(stored, "training"))
    else { throw StoredJSONError(message: "its configuration has options that this program does not know") }
    return StudyConfiguration(
      label: try text(root, "label"), settings: settings,
      resolved: Configuration(
        dataset: dataset, architecture: Architecture(input: try shape(stored, "input"), layers: described.map(\.layer)),
        loss: loss, optimizer: optimizer, training: training, initialWeights: try weights(stored),
        metrics: try metrics(stored)),
      dataset: try description(object(root, "data")))
  }

  private func settings() throws(StoredJSONError) -> [Setting] {
    try list(root, "settings").map { (pair) throws(StoredJSONError) in
      guard let texts = pair.elements, texts.count == 2, let path = texts[0].string, let value = texts[1].string else {
        throw StoredJSONError(message: "a setting is not a pair of texts")
      }
      return Setting(path: path, value: value)
    }
  }

  private func layersNode(_ layers: [JSONNode]) -> JSONNode {
    let list = JSONNode(position: root.position, content: .array(layers))
    return JSONNode(
      position: root.position,
      content: .object([JSONNode.Member(key: "layers", keyPosition: root.position, value: list)]))
  }

  private func description(_ node: JSONNode) throws(StoredJSONError) -> DatasetDescription {
    let classes = try list(node, "classes").map { (name) throws(StoredJSONError) in
      guard let text = name.string else { throw StoredJSONError(message: "a class has no name") }
      return text
    }
    return DatasetDescription(
      name: try text(node, "name"), shape: try shape(node, "shape"), classes: classes,
      trainCount: try count(node, "train", from: 1), validationCount: try count(node, "validation", from: 0),
      testCount: try count(node, "test", from: 0))
  }

  private func weights(_ node: JSONNode) throws(StoredJSONError) -> InitialWeights? {
    let weights = try member(node, "initial_weights")
    guard weights.members != nil else { return nil }
    let digests = weights["digests"]?.value.members ?? []
    let isStrict = if case .bool(false)? = weights["strict"]?.value.content { false } else { true }
    return InitialWeights(
      path: try text(weights, "path"), isStrict: isStrict, digest: try member(weights, "digest").string,
      digests: try Dictionary(
        digests.map { (member) throws(StoredJSONError) in
          guard let seed = UInt64(member.key), let digest = member.value.string else {
            throw StoredJSONError(
              message: "digests of initial_weights has \(member.key), which is not a seed with a digest")
          }
          return (seed, digest)
        }
      ) { first, _ in first })
  }

  private func metrics(_ node: JSONNode) throws(StoredJSONError) -> [ClassificationScore] {
    guard node["metrics"] != nil else { return [] }
    return try list(node, "metrics").map { (name) throws(StoredJSONError) in
      guard let score = name.string.flatMap({ ClassificationScore($0) }) else {
        throw StoredJSONError(message: "its metrics have one that this program does not know: \(name.found)")
      }
      return score
    }
  }

  private func withoutNulls(_ node: JSONNode) -> JSONNode {
    let kept = (node.members ?? []).filter { if case .null = $0.value.content { false } else { true } }
    return JSONNode(position: node.position, content: .object(kept))
  }

  private func member(_ node: JSONNode, _ key: String) throws(StoredJSONError) -> JSONNode {
    guard let member = node[key] else { throw StoredJSONError(message: "\(key) is missing") }
    return member.value
  }

  private func object(_ node: JSONNode, _ key: String) throws(StoredJSONError) -> JSONNode {
    let value = try member(node, key)
    guard value.members != nil else { throw StoredJSONError(message: "\(key) is not an object") }
    return value
  }

  private func list(_ node: JSONNode, _ key: String) throws(StoredJSONError) -> [JSONNode] {
    guard let elements = try member(node, key).elements else { throw StoredJSONError(message: "\(key) is not a list") }
    return elements
  }

  private func text(_ node: JSONNode, _ key: String) throws(StoredJSONError) -> String {
    guard let text = try member(node, key).string else { throw StoredJSONError(message: "\(key) is not a text") }
    return text
  }

  private func count(_ node: JSONNode, _ key: String, from least: Int) throws(StoredJSONError) -> Int {
    guard case .number(let number) = try member(node, key).content, let value = number.int,
      (least...1 << 53).contains(value)
    else { throw StoredJSONError(message: "\(key) is not a whole number from \(least) on") }
    return value
  }

  private func shape(_ node: JSONNode, _ key: String) throws(StoredJSONError) -> Shape {
    let sizes = try list(node, key).compactMap { if case .number(let number) = $0.content { number.int } else { nil } }
    // The product of the sizes must be a number too.
    guard sizes.allSatisfy({ $0 > 0 }), sizes.reduce(1.0, { $0 * Double($1) }) < 1e15 else {
      throw StoredJSONError(message: "\(key) is not a list of sizes")
    }
    return Shape(sizes)
  }
}
