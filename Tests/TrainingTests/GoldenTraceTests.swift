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
    "model-a": "3f54b462aea3418991dc37997f63fec7030306c6f27f551a5625c7e2c83e637a",
    "model-b": "309b5b1020a170db0ba589d3feaaac981524e32a237240a76c4a4ca52e231b4a",
    "model-c": "c3181a3d6f49aaca140a4691143cd9963971d8c5917bcc3310852565e9bc2043",
    "mlp": "6e7730123c8271a2d8f434c38077ca492b148d771ccdebb104175e7dade3c23f",
    "convnet": "35fcaaef8fd1cda2e71d1997f6cb6b54d0b0c4609f5fe1dc999965a51daa97a3",
    "lab7": "80e75fd2ec252a2d83043e0d5c6236d1af5cdbcf61ea19fcaab0bec7009baf75",
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
