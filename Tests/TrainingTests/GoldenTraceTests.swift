import Architectures
import Datasets
import Experiments
import NeuralNetwork
import Testing
import Training

/// The bits of short trainings, which guard `NumericsVersion`: where one of these digests changes, results of older
/// versions are no longer comparable bit by bit, and the version must go up.
///
/// They hold where OpenBLAS chose its kernels for ``core``; elsewhere its products round otherwise.
@Suite struct GoldenTraceTests {
  static let core = "Cooperlake"

  static let digests = [
    "model-a": "d55dbc97cd1ae98c749d994f6c6a122d475ae90569abcbeb2f7de14f59194e26",
    "model-b": "cab31668b09b2bfbebb08b7479586766c449ce507b7248417c2d7986c3a64094",
    "model-c": "146d08e9798afa76ab4c1edc4fd27928dc94490310de6d716679d0e41417e8ce",
    "mlp": "6e7730123c8271a2d8f434c38077ca492b148d771ccdebb104175e7dade3c23f",
    "convnet": "e6fbbddf5ccf170a8d359c0b551334c5d888eadc36f3469ce7f6127981c064b6",
    "lab7": "7765ea9da0b77e5503b685c3ac3be08486e91c4578d17ac2649b615a13f5c1c6",
  ]

  @Test(
    .enabled(if: BLAS.coreName == core, "golden bits are known for OpenBLAS on \(core) only"),
    arguments: Preset.all.map(\.name))
  func aPresetsTraceHasTheseBits(name: String) throws {
    let digest = try trace(of: name, threads: 1)
    #expect(digest == Self.digests[name], "\(name): \(digest); see NumericsVersion")
  }

  @Test(arguments: Preset.all.map(\.name))
  func threadsChangeNoBit(name: String) throws {
    let one = try trace(of: name, threads: 1)
    for threads in [2, 3] { #expect(try trace(of: name, threads: threads) == one) }
  }

  private func trace(of name: String, threads: Int) throws -> String {
    let preset = try #require(Preset.named(name))
    let dataset = try preset.input == Shape(1, 28, 28) ? Self.digits() : Self.noise(preset.input)
    let configuration = Configuration(
      dataset: DatasetSelection(name: dataset.description.name), architecture: preset.architecture,
      optimizer: preset.optimizer,
      training: TrainingSettings(batchSize: preset.batchSize, length: .iterations(8), evaluateEvery: 4))
    let trial = Trial(
      configuration: StudyConfiguration(
        label: name, settings: [], configuration: configuration, dataset: dataset.description), seed: 3)
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
