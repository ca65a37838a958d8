import Architectures
import Presentation

extension Configuration {
  /// What makes the configuration the same as another, in one line: every option of every layer, the optimizer, the
  /// training and the data, with all defaults written out, in fixed order.
  ///
  /// Labels, paths and layers' names are left out; a weight file counts by its digest.
  package var canonicalJSON: String {
    String(decoding: canonicalBytes(networkText: architecture.canonicalBytes), as: UTF8.self)
  }

  /// SHA-256 of ``canonicalJSON`` in hexadecimal.
  package var hash: String { hash(networkText: architecture.canonicalBytes) }

  /// The hash, where the network's canonical text is known.
  func hash(networkText: [UInt8]) -> String { ContentDigest.hex(of: canonicalBytes(networkText: networkText)) }

  /// ``canonicalJSON`` in UTF-8, written without a tree in between: a plan hashes 100,000 configurations.
  private func canonicalBytes(networkText: [UInt8]) -> [UInt8] {
    var text = CanonicalText()
    text.open("{\"dataset\":", "name", dataset.name, dataset.identity)
    text.append(networkText)
    // A loss without options is its name, so that a trial keeps the key that it had before losses had any.
    if loss.changedOptions.isEmpty {
      text.append(",\"loss\":")
      text.append(.text(loss.name))
    } else {
      text.open(",\"loss\":", "name", loss.name, loss.changedOptions)
    }
    let (name, options) = optimizer.asOptions
    text.open(",\"optimizer\":", "name", name, options)
    text.append(",\"training\":")
    text.append(training.identity)
    text.append(",\"initial_weights\":")
    text.append(initialWeights?.identity ?? .null)
    // Without metrics a trial keeps the key that it had before there were any; in which order they are asked for changes
    // no number.
    if !metrics.isEmpty {
      text.append(",\"metrics\":")
      text.append(.list(metrics.map(\.name).sorted().map { .text($0) }))
    }
    text.append("}")
    return text.bytes
  }
}

extension Architecture {
  /// The members `input` and `layers` of a configuration's canonical text.
  var canonicalBytes: [UInt8] {
    var text = CanonicalText()
    text.append(",\"input\":")
    text.append(.list(input.dimensions.map { .integer($0) }))
    text.append(",\"layers\":[")
    for (index, layer) in layers.enumerated() {
      let (type, options) = layer.kind.normalized.asOptions
      let frozen: [(name: String, value: OptionValue)] = layer.trainable ? [] : [("trainable", .boolean(false))]
      text.open(index == 0 ? "" : ",", "type", type, options + frozen + layer.ownOptions)
    }
    text.append("]")
    return text.bytes
  }
}

/// JSON in the making.
private struct CanonicalText {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(2_048) }

  mutating func append(_ text: [UInt8]) { bytes += text }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends an object that begins with its kind.
  mutating func open(
    _ before: StaticString, _ tag: StaticString, _ kind: String, _ members: [(name: String, value: OptionValue)]
  ) {
    append(before)
    append("{\"")
    append(tag)
    append("\":")
    writeJSONString(kind, to: &bytes)
    for member in members { append(member, separator: ",") }
    append("}")
  }

  /// Appends an object.
  mutating func append(_ members: [(name: String, value: OptionValue)]) {
    for (index, member) in members.enumerated() { append(member, separator: index == 0 ? "{" : ",") }
    append("}")
  }

  private mutating func append(_ member: (name: String, value: OptionValue), separator: StaticString) {
    append(separator)
    writeJSONString(member.name, to: &bytes)
    append(":")
    append(member.value)
  }

  mutating func append(_ value: OptionValue) {
    switch value {
    case .null: append("null")
    case .boolean(let value): append(value ? "true" : "false")
    case .integer(let value): bytes.append(contentsOf: "\(value)".utf8)
    case .number(let value): bytes.append(contentsOf: JSONNumber(value).text.utf8)
    case .text(let text): writeJSONString(text, to: &bytes)
    case .list(let values):
      append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { append(",") }
        append(value)
      }
      append("]")
    case .object(let options): append(options.sorted)
    case .described(let value): append(value.value.described.sorted)
    }
  }
}
