import Architectures
import Presentation

extension Configuration {
  /// Everything about the configuration, paths and layers' names included.
  var json: JSONValue {
    let (optimizerName, optimizerOptions) = optimizer.asOptions
    let scores: [JSONValue.Member] =
      metrics.isEmpty ? [] : [.init("metrics", .array(metrics.map { .string($0.name) }))]
    return .object(
      [
        .init("dataset", dataset.json),
        .init("input", .array(architecture.input.dimensions.map { .integer($0) })),
        .init("layers", .array(architecture.layers.map(\.json))), .init("loss", loss.json),
        .init("optimizer", tagged("name", optimizerName, optimizerOptions)),
        .init("training", .object(members(training.identity))), .init("initial_weights", initialWeights?.json ?? .null),
      ] + scores)
  }
}

extension DatasetSelection {
  fileprivate var json: JSONValue {
    var options = identity
    if let files {
      options += [
        ("train_images", .text(files.trainImages)), ("train_labels", .text(files.trainLabels)),
        ("test_images", .text(files.testImages)), ("test_labels", .text(files.testLabels)),
      ]
    }
    if let folders {
      options += [("train_folder", .text(folders.train)), ("test_folder", .text(folders.test))]
    }
    if let classes { options.append(("classes", .list(classes.map { .text($0) }))) }
    return tagged("name", name, options)
  }
}

extension Loss {
  /// The name, or an object where an option is not PyTorch's default.
  fileprivate var json: JSONValue { changedOptions.isEmpty ? .string(name) : tagged("name", name, changedOptions) }
}

extension Layer {
  fileprivate var json: JSONValue {
    let (type, options) = kind.asOptions
    var values = options
    if !trainable { values.append(("trainable", .boolean(false))) }
    if let name { values.append(("name", .text(name))) }
    values += ownOptions
    return tagged("type", type, values)
  }
}

extension InitialWeights {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [.init("path", .string(path)), .init("digest", .optional(digest))]
    if !isStrict { members.append(.init("strict", false)) }
    if isPerSeed {
      let sorted = digests.sorted { $0.key < $1.key }
      members.append(.init("digests", .object(sorted.map { .init("\($0.key)", .string($0.value)) })))
    }
    return .object(members)
  }
}

private func members(_ values: [(name: String, value: OptionValue)]) -> [JSONValue.Member] {
  values.map { JSONValue.Member($0.name, JSONValue($0.value)) }
}

private func tagged(_ tag: String, _ name: String, _ values: [(name: String, value: OptionValue)]) -> JSONValue {
  .object([JSONValue.Member(tag, .string(name))] + members(values))
}
