/// A network that people compare, with the recipe of the tutorial that it comes from.
package struct Preset: Sendable {
  /// The name: `model-a`.
  package let name: String
  /// One sentence for people.
  package let documentation: String
  /// The family that it is a member of.
  package let family: ModelFamily
  /// The options that differ from the family's defaults.
  package let options: [String: OptionValue]
  /// The name of the data set that the tutorial trains it on.
  package let dataset: String
  /// The shape of that data set's examples.
  package let input: Shape
  /// Mean and standard deviation by which every channel is normalised; `nil` for none.
  package let normalization: (mean: Double, std: Double)?
  /// Examples per training step.
  package let batchSize: Int
  /// The optimizer.
  package let optimizer: Optimizer

  /// The presets, in the order of manuals.
  package static let all = [modelA, modelB, modelC, mlp, convnet, lab7]

  /// Their names as messages and manuals list them.
  package static let names = all.map(\.name).joined(separator: ", ")

  /// The preset of a name.
  package static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// The presets of some names.
  ///
  /// - Throws: ``UnknownPresetError`` for the first name that none has.
  package static func named(_ names: [String]) throws(UnknownPresetError) -> [Preset] {
    var presets: [Preset] = []
    for name in names {
      guard let preset = named(name) else { throw UnknownPresetError(name: name) }
      presets.append(preset)
    }
    return presets
  }

  /// The network for the tutorial's own data set: ten classes, cross entropy.
  package var architecture: Architecture {
    let task = ModelFamily.Task(input: input, classes: 10)
    guard let architecture = try? family.architecture(family.table.filled(options), for: task) else {
      preconditionFailure("preset \(name) does not fit its own data set")
    }
    return architecture
  }

  private static let mnist = Shape(1, 28, 28)

  private static let modelA = abc("a", "max", "same")
  private static let modelB = abc("b", "average", "same")
  private static let modelC = abc("c", "max", "valid")

  private static func abc(_ letter: String, _ pooling: String, _ padding: String) -> Preset {
    Preset(
      name: "model-\(letter)",
      documentation:
        "Model \(letter.uppercased()): two 5 × 5 convolutions with 16 and 32 channels, \(pooling) pooling, "
        + "\(padding) padding, one linear layer.",
      family: .cnn,
      options: [
        "channels": .list([.integer(16), .integer(32)]), "kernel_size": .integer(5), "padding": .text(padding),
        "pooling": .text(pooling),
      ],
      dataset: "mnist", input: mnist, normalization: nil, batchSize: 100, optimizer: .sgd(.init(learningRate: 0.01)))
  }

  private static let mlp = Preset(
    name: "mlp", documentation: "A multilayer perceptron, 784-500-10.", family: .mlp,
    options: ["hidden": .list([.integer(500)])],
    dataset: "mnist", input: mnist, normalization: nil, batchSize: 100, optimizer: .adam(.init(learningRate: 0.001)))

  private static let convnet = Preset(
    name: "convnet",
    documentation: "Two 3 × 3 convolutions with 10 and 5 channels, no pooling, linear layers of 64, 32 and 10.",
    family: .cnn,
    options: [
      "channels": .list([.integer(10), .integer(5)]), "kernel_size": .integer(3), "pooling": .text("none"),
      "hidden": .list([.integer(64), .integer(32)]),
    ],
    dataset: "mnist", input: mnist, normalization: nil, batchSize: 10, optimizer: .adam(.init(learningRate: 1e-4)))

  private static let lab7 = Preset(
    name: "lab7",
    documentation: "The CIFAR-10 network: 5 × 5 convolutions with 6 and 16 channels, each with a max pooling, "
      + "linear layers of 120, 84 and 10.",
    family: .cnn,
    options: [
      "channels": .list([.integer(6), .integer(16)]), "kernel_size": .integer(5),
      "hidden": .list([.integer(120), .integer(84)]),
    ],
    dataset: "cifar10", input: Shape(3, 32, 32), normalization: (mean: 0.5, std: 0.5), batchSize: 4,
    optimizer: .sgd(.init(learningRate: 0.001, momentum: 0.9)))
}

/// A name that no preset has.
package struct UnknownPresetError: Error, Hashable, CustomStringConvertible {
  /// The name that was asked for.
  package let name: String

  /// What was found, and what is allowed.
  package var description: String { "\(name) is not a preset; expected \(Preset.names)" }
}
