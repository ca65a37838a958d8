import Architectures
import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// A folder of its own that goes with the test.
final class Folder {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("bench-store-\(UUID().uuidString)").path
  var store: String { path + "/bench.db" }

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// What tests of a store begin with: an open store in a folder of its own, with the sample registered in it.
class RegisteredStore {
  let folder: Folder
  let store: Store
  let sample = Sample()
  let run: Run

  init() throws {
    folder = try Folder()
    store = try Store(path: folder.store, access: .readWrite)
    run = try sample.register(in: store)
  }
}

/// A small study and what its parts are known by.
struct Sample {
  var study: Study
  var identity: StudyIdentity

  init(name: String = "sample", labels: [String] = ["Model A", "Model B"], seeds: [UInt64] = [0, 1, 2]) {
    let configurations = labels.enumerated().map { index, label in
      StudyConfiguration(
        label: label, settings: [Setting(path: "optimizer.lr", value: "\(index + 1)")],
        resolved: Configuration(
          dataset: DatasetSelection(name: "digits"),
          architecture: Architecture(
            input: Shape(1, 2, 2),
            layers: [Layer(Flatten()), Layer(Linear(outFeatures: 10))]),
          optimizer: .sgd(.init(learningRate: Double(index + 1))),
          training: TrainingSettings(batchSize: 10, length: .iterations(100), evaluateEvery: 50)),
        dataset: DatasetDescription(
          name: "digits", shape: Shape(1, 2, 2), classes: ["0", "1"], trainCount: 200, validationCount: 0,
          testCount: 20))
    }
    study = Study(
      name: name, title: "A sample", axes: [Axis(path: "optimizer.lr", values: ["1", "2"])],
      configurations: configurations, seeds: seeds, gridText: "{}")
    identity = StudyIdentity(
      configurations: labels.indices.map { index in
        .init(
          hash: configurations[index].resolved.hash, dataDigest: "d1",
          keys: seeds.map { Sample.hexadecimal((index + 1) << 28 + Int($0 % 100) << 8) })
      })
  }

  /// A key that looks like a digest.
  static func hexadecimal(_ number: Int) -> String { String(format: "%08x", number) }

  static let environment = Environment(
    host: "h", cpu: "c", cores: 2, memoryBytes: 1 << 30, os: "Linux", swift: "6.3", blas: "OpenBLAS", program: "0.1",
    workers: 2)
  static let source = Source(commit: "abc", branch: "main", diff: "+ a line")

  @discardableResult
  func register(in store: Store) throws -> Run {
    try store.register(
      study, identity: identity, environment: Sample.environment, source: Sample.source,
      commandLine: ["bench", "run", "grid.json"])
  }

  func key(_ configuration: Int, _ seed: Int) -> String { identity.configurations[configuration].keys[seed] }

  static func result(
    _ outcome: TrialOutcome = .done, iterations: Int = 100, hits: HitMask? = nil, traceDigest: String = "beef"
  ) -> TrialResult {
    TrialResult(
      outcome: outcome, iterations: iterations, wallSeconds: 1.5, cpuSeconds: 1.25, peakBytes: 1 << 20,
      imagesPerSecond: 1000, confusion: [[9, 1], [0, 10]], hits: hits, traceDigest: traceDigest)
  }

  static func evaluation(_ iteration: Int, accuracy: Double?, validation: Double? = nil) -> Evaluation {
    Evaluation(
      iteration: iteration, epoch: Double(iteration) / 20, trainLoss: 1 / Double(iteration),
      validation: validation.map { Score(loss: 0.5, accuracy: $0) }, test: Score(loss: 0.25, accuracy: accuracy))
  }
}

extension Store {
  /// A statement's rows as a viewer with plain SQLite sees them.
  func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> [[DatabaseValue]] {
    try read { database in
      try Row.fetchAll(database, sql: sql, arguments: arguments).map { Array($0.databaseValues) }
    }
  }
}

extension Owner {
  /// A process on another host: only its lease tells whether it lives.
  static let elsewhere = Owner(host: "elsewhere", process: 1, processStart: 1, boot: "b", processNamespace: "n")
}

extension Sample: CustomTestStringConvertible {
  var testDescription: String { "\(study.configurations.map(\.label)) × \(study.seeds)" }
}

extension Store {
  /// Stores what one trial said of itself, as ``EventLog`` does for many.
  func record(_ attempt: Attempt, events: [TrialEvent]) throws {
    if try !record([(attempt, events)]).isEmpty { throw StoreError.claimLost(trial: attempt.trial) }
  }
}
