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
    "convnet": "dcd6ee2e2d4a02243a18a8fd15acc800e0423baf779dfebdd8a4036e2f953e4d",
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
