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
    "model-a": "d63641c7b18bf43c6194c74582234ecdb01ba0a82d4aea32c7cd9285270b8912",
    "model-b": "05e12581d7d5d051e1465995b5b532d077335fb3fa870aef44c41b25c940cc3f",
    "model-c": "7bd802685af71611363d29b42b6d85d5b8fa9e08088bb3e0aa69f110c75833ec",
    "mlp": "060ec3631c7a0090522f481133518b8686dd94618cf9587f8b8b59104c717a05",
    "convnet": "21af6079951abb37cc350fad707ba79a3de75ac9b4958f15818d69fd09323d65",
    "lab7": "a04b259c56080dc0f2280218cbe882bb98847266d7d372f429f9dcbddfc9e294",
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
    ("A", "dfc6acc7c9658ca563c0c0576e892b7ea0e8f209c3863c3a37db2024fc74ba1d"),
    ("B", "299c15ac9042266373f412af72cff733b461c33aa581bd37bc17e364333a9082"),
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
