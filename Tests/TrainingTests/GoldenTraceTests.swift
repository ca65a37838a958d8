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
    "model-a": "1989510c2de2dbdf006b16bbb2b81e322333a675513b7ee8a60d30b88699411b",
    "model-b": "2dbc575a25d0d5834a500b02c8610723026ca3ab32fd180b5ff477ae002926c7",
    "model-c": "963fdbc48d5a81e09f92fa2ada7fb7230ba8fe44878293fa4902ef18fe8af308",
    "mlp": "51360744b86574a1913c5acff062665ede490695b2cf6919d5e3fb1183522013",
    "convnet": "f53f6a6ea77400494bb9109c68d6876f6092570cd5d60a95adb7e98dcea6d5fa",
    "lab7": "7d4f3e8679f2b9bcf9f6ef5dd2371d3b439bddfdea63c84d2792e44026b87bb9",
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
