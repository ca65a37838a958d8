import Architectures
import Crypto
import Foundation

extension Configuration {
  /// What makes the configuration the same as another, in one line: every option of every layer, the optimizer, the
  /// training and the data, with all defaults written out, in fixed order.
  ///
  /// Labels, paths and layers' names are left out; a weight file counts by its digest.
  public var canonicalJSON: String { json(.identity).compactText }

  /// SHA-256 of ``canonicalJSON`` in hexadecimal.
  public var hash: String {
    var bytes: [UInt8] = []
    json(.identity).write(to: &bytes)
    return hexadecimal(SHA256.hash(data: bytes))
  }

  /// How much a JSON text of a configuration says.
  enum Extent {
    /// What changes a number.
    case identity
    /// Everything.
    case everything
  }

  func json(_ extent: Extent) -> JSONValue {
    .object([
      .init("dataset", dataset.json(extent)),
      .init("input", .array(architecture.input.dimensions.map { .integer($0) })),
      .init("layers", .array(architecture.layers.map { $0.json(extent) })), .init("loss", .string(loss.rawValue)),
      .init("optimizer", tagged("name", optimizer.asOptions.name, optimizer.asOptions.options)),
      .init("training", .object(members(training.identity))),
      .init("initial_weights", initialWeights?.json(extent) ?? .null),
    ])
  }
}

extension Trial {
  /// What tells the trial from every other: SHA-256, in hexadecimal, over configuration, seed, data and
  /// ``NumericsVersion``.
  ///
  /// - Parameter dataDigest: SHA-256 of the data that it trains and is judged on, in hexadecimal.
  public func key(dataDigest: String) -> String {
    Trial.key(configurationHash: configuration.configuration.hash, seed: seed, dataDigest: dataDigest)
  }

  /// The key of a trial whose configuration's hash is known; hashing it again for each seed would be waste.
  public static func key(configurationHash: String, seed: UInt64, dataDigest: String) -> String {
    let text =
      "{\"configuration\":\"\(configurationHash)\",\"data\":\"\(dataDigest)\",\"numerics\":\(NumericsVersion.current),"
      + "\"seed\":\(seed)}"
    return hexadecimal(SHA256.hash(data: Array(text.utf8)))
  }
}

extension DatasetSelection {
  func json(_ extent: Configuration.Extent) -> JSONValue {
    var object = tagged("name", name, identity)
    guard extent == .everything, case .object(var members) = object else { return object }
    if let files {
      members += [
        .init("train_images", .string(files.trainImages)), .init("train_labels", .string(files.trainLabels)),
        .init("test_images", .string(files.testImages)), .init("test_labels", .string(files.testLabels)),
      ]
    }
    if let classes { members.append(.init("classes", .array(classes.map { .string($0) }))) }
    object = .object(members)
    return object
  }
}

extension Layer {
  func json(_ extent: Configuration.Extent) -> JSONValue {
    let described = (extent == .identity ? operation.normalized : operation).asOptions
    var values = described.options
    if !trainable { values.append(("trainable", .boolean(false))) }
    if extent == .everything, let name { values.append(("name", .text(name))) }
    return tagged("type", described.type, values)
  }
}

extension InitialWeights {
  func json(_ extent: Configuration.Extent) -> JSONValue {
    let digest = digest.map { JSONValue.string($0) } ?? .null
    return extent == .everything ? ["path": .string(path), "digest": digest] : ["digest": digest]
  }
}

private func members(_ values: [(name: String, value: OptionValue)]) -> [JSONValue.Member] {
  values.map { JSONValue.Member($0.name, JSONValue($0.value)) }
}

private func tagged(_ tag: String, _ name: String, _ values: [(name: String, value: OptionValue)]) -> JSONValue {
  .object([JSONValue.Member(tag, .string(name))] + members(values))
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
