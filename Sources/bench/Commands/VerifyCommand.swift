import ArgumentParser
import Datasets
import Dispatch
import Experiments
import Foundation
import NeuralNetwork
import Presentation
import Runner
import Tracking
import Training

/// `bench verify TRIAL`
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train a trial again and hold every loss and score against what is stored, bit by bit.",
    discussion: """
      Nothing is written. Exit codes: 0 the same to the last bit, 1 not the same, or it could not be trained. On \
      another kind of processor the last bits differ by right.
      """)

  @Argument(help: "The beginning of the trial's key.")
  var trial: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @OptionGroup var paths: GridFolderOptions

  @Option(help: "Threads inside the trial; they change its speed, never its numbers (default: the cores).")
  var threads: Int?

  @OptionGroup var voice: VoiceOptions

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads is \(threads); expected at least 1") }
  }

  func run() async throws {
    let store = try Store(path: store.path, access: .readOnly)
    let details = try store.trial(prefix: trial)
    guard let result = details.record.result else {
      throw OperationalError(
        "trial \(details.record.key.prefix(12)) is \(details.record.state.rawValue): only what ran to its end can be verified"
      )
    }
    let trained = try await train(details)
    let difference = TraceDifference(
      storedLosses: try store.losses(of: details.record.key, isProven: false),
      storedEvaluations: details.record.evaluations, losses: trained.losses, evaluations: trained.evaluations)
    let isSame =
      trained.digest == result.traceDigest
      || TraceDigest.fits(result.traceDigest, losses: trained.losses, evaluations: trained.evaluations)
    if isSame, difference.first == nil {
      // Times and counts, which no training gives again, are proven too.
      try store.prove(details.record.key)
      if result.weightsDigest != nil { _ = try StoreFolders(store: store.path).weights(of: details.record) }
      print(
        "\(details.record.key.prefix(12)): the same to the last bit: \(NumberText.count(trained.losses.count)) losses, "
          + "\(trained.evaluations.count) evaluations, trace digest \(trained.digest)")
      return
    }
    print("\(details.record.key.prefix(12)): not the same")
    do { try store.prove(details.record.key) } catch { Terminal.say("\(error)") }
    print(
      difference.first ?? "the stored losses and scores are the same, but their digest is not: the store was changed")
    print("stored digest  \(result.traceDigest)\ndigest now     \(trained.digest)")
    print(circumstances(details), terminator: "")
    throw ExitStatus.operational.exit
  }

  /// What differs between then and now that may be the reason.
  private func circumstances(_ details: TrialDetails) -> String {
    guard let then = details.attempts.last?.environment else { return "" }
    let now = Provenance.environment(workers: 1)
    var table = Table([.init(""), .init("then"), .init("now")])
    let pairs = [
      ("cpu", then.cpu, now.cpu), ("BLAS", then.blas, now.blas), ("program", then.program, now.program),
      ("Swift", then.swift, now.swift),
    ]
    table.rows = pairs.filter { $0.1 != $0.2 }.map { [.name($0.0), .name($0.1), .name($0.2)] }
    let record = details.record
    let key = Trial.key(configurationHash: details.configurationHash, seed: record.seed, dataDigest: details.dataDigest)
    let numerics = key == record.key ? "" : "it was trained with another version of the engine's numbers\n"
    return numerics
      + (table.rows.isEmpty
        ? "machine and program are the same as then\n" : "what is not as it was then:\n" + table.text())
  }

  /// A training's trace.
  private struct Trained: Sendable {
    var losses: [Float]
    var evaluations: [Evaluation]
    var digest: String
  }

  private func train(_ details: TrialDetails) async throws -> Trained {
    let configuration = details.configuration.configuration
    let library = DatasetLibrary(root: DataRoot(option: data.root), relativeTo: details.gridFolder(paths.gridFolder))
    let dataset = try library.load(configuration.dataset)
    guard dataset.digest == details.dataDigest else {
      throw OperationalError(
        "the data is not what the trial learnt from: its digest is \(dataset.digest), stored is \(details.dataDigest)")
    }
    let weights = try configuration.initialWeights.map { try initialWeights($0, of: details) }
    let trial = Trial(configuration: details.configuration, seed: details.record.seed)
    let display = ProgressDisplay(title: "verify", trials: [trial], voice: voice)
    display.take(.started(index: 0))
    let trainer = Trainer(dataset: dataset, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    defer { display.end() }
    // Training takes a thread for long, which one of Swift's concurrency must not be.
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try Self.trace(of: trial, trainer, weights, display) })
      }
    }
  }

  private static func trace(
    of trial: Trial, _ trainer: Trainer, _ weights: [Tensor]?, _ display: ProgressDisplay
  ) throws -> Trained {
    var trained = Trained(losses: [], evaluations: [], digest: "")
    let hooks = TrainingHooks(emit: { event in
      display.take(.trial(index: 0, event))
      switch event {
      case .batchLosses(_, let losses): trained.losses += losses
      case .evaluation(let evaluation): trained.evaluations.append(evaluation)
      }
    })
    if case .finished(let result, _) = try trainer.train(trial, initialWeights: weights, hooks: hooks) {
      trained.digest = result.traceDigest
    }
    return trained
  }

  private func initialWeights(_ weights: InitialWeights, of details: TrialDetails) throws -> [Tensor] {
    let folder = URL(filePath: details.gridFolder(paths.gridFolder), directoryHint: .isDirectory)
    let bytes = try readFile(URL(filePath: weights.path, relativeTo: folder))
    guard ContentDigest.hex(of: bytes) == weights.digest else {
      throw OperationalError(
        "\(weights.path): is not the file that the trial began with; expected SHA-256 \(weights.digest ?? "unknown")")
    }
    return try SafetensorsFile.read(bytes)
  }
}
