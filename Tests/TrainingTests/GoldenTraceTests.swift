import Architectures
import Datasets
import Experiments
import NeuralNetwork
import Testing
import Training

/// The bits of short trainings, which guard `NumericsVersion`: where one of these digests changes, results of older
/// versions are no longer comparable bit by bit, and the version must go up.
///
/// They hold on every processor, at every level of the kernels.
@Suite struct GoldenTraceTests {
  static let digests = [
    "model-a": "242a9d5ce062cd85c7038408d4a9d4437a89af218c3f9d5ffa6ad9f3133faf95",
    "model-b": "2656b8737f435ef2c08f08f559399148316cbe4e0d62cfc020ff695d8def724f",
    "model-c": "580c8f264c71f9870b9bb7d918870d87ba0fbbf3547b302fbc5f1fdf196c9b11",
    "mlp": "060ec3631c7a0090522f481133518b8686dd94618cf9587f8b8b59104c717a05",
    "convnet": "665360e4b9f8cf145970fd42f4a3336fa348efcfbcfafd1f7c5cd5fbdbacdf38",
    "lab7": "edc2f8e50c5be4c17f801246b083e5b68658a3d2b3d8af5d8a3c851b2c791f13",
  ]

  @Test(arguments: Preset.all.map(\.name))
  func aPresetsTraceHasTheseBits(name: String) throws {
    let digest = try trace(of: name, threads: 1)
    #expect(digest == Self.digests[name], "\(name): \(digest); see NumericsVersion")
  }

  @Test(arguments: Preset.all.map(\.name))
  func threadsChangeNoBit(name: String) throws {
    let one = try trace(of: name, threads: 1)
    for threads in [2, 3] { #expect(try trace(of: name, threads: threads) == one) }
  }

  /// Layers made of layers: residuals with both shortcuts, and branches in a residual.
  @Test(arguments: [
    ("A", "5483cb19860310ed69bcfa2b9b1651cc7603faaabee85a282e96ad1ffeaf1433"),
    ("B", "e3b4d93720c96e129acc0738e7206b1030b6e17cdd2f6ce2ca39ab1e70c553a0"),
  ])
  func aResidualNetworksTraceHasTheseBits(shortcut: String, digest: String) throws {
    let dataset = Self.noise(Shape(3, 16, 16))
    let family = ModelFamily.resnet
    let options = family.table.filled(["depth": .integer(8), "width": .integer(5), "shortcut": .text(shortcut)])
    var architecture = try family.architecture(options, for: .init(input: dataset.train.shape, classes: 10))
    let branches = Layer(
      Concat([[], [Layer(Convolution(outChannels: 3, kernelSize: Extent(3), padding: .same)), Layer(Activation.relu)]]))
    let back = Layer(Convolution(outChannels: 5, kernelSize: Extent(1)))
    architecture.layers.insert(Layer(Residual([branches, Layer(Dropout(probability: 0.1)), back])), at: 3)
    func bits(threads: Int) throws -> String {
      try trace(
        "resnet", architecture, dataset, .sgd(.init(learningRate: 0.05, momentum: 0.9)), batchSize: 36, threads: threads
      )
    }
    let found = try bits(threads: 1)
    #expect(found == digest, "\(shortcut): \(found); see NumericsVersion")
    for threads in [2, 3] { #expect(try bits(threads: threads) == found) }
  }

  private func trace(of name: String, threads: Int) throws -> String {
    let preset = try #require(Preset.named(name))
    let dataset = try preset.input == Shape(1, 28, 28) ? Self.digits() : Self.noise(preset.input)
    return try trace(
      name, preset.architecture, dataset, preset.optimizer, batchSize: preset.batchSize, threads: threads)
  }

  private func trace(
    _ name: String, _ architecture: Architecture, _ dataset: Dataset, _ optimizer: Optimizer, batchSize: Int,
    threads: Int
  ) throws -> String {
    let configuration = Configuration(
      dataset: DatasetSelection(name: dataset.description.name), architecture: architecture, optimizer: optimizer,
      training: TrainingSettings(batchSize: batchSize, length: .iterations(8), evaluateEvery: 4))
    let trial = Trial(
      configuration: StudyConfiguration(
        label: name, settings: [], resolved: configuration, dataset: dataset.description), seed: 3)
    let end = try Trainer(dataset: dataset, threads: threads).train(trial, hooks: TrainingHooks())
    guard case .finished(let result, _) = end else { return "stopped" }
    return result.traceDigest
  }

  private static func digits() throws -> Dataset {
    try DatasetLibrary().load(DatasetSelection(name: "digits", train: 400, test: 60))
  }

  private static func noise(_ shape: Shape) -> Dataset {
    let generator = Generator(seed: 5)
    func set(_ count: Int) -> ExampleSet {
      ExampleSet(
        shape: shape, bytes: (0..<count * shape.count).map { _ in UInt8(truncatingIfNeeded: generator.nextUInt32()) },
        labels: (0..<count).map { UInt8($0 % 10) })
    }
    return Dataset(name: "noise", classes: (0..<10).map(String.init), train: set(40), test: set(20))
  }
}
