import Datasets
import Dispatch
import Experiments
import Foundation
import NeuralNetwork
import Tracking
import Training

/// A stored trial that is trained again, to see whether every loss and score comes out the same to the last bit.
package struct TrialReplay: Sendable {
  /// The result of the comparison.
  package struct Outcome: Sendable {
    /// Whether losses, scores and their digest are the stored ones.
    package let isSame: Bool
    /// Where the stored trace and the new one first part; `nil` where none of their numbers differs.
    package let firstDifference: TraceDifference.Point?
    /// How many batch losses and evaluations there were.
    package let losses, evaluations: Int
    /// The digests of the stored trace and of the new one.
    package let storedDigest, digest: String
  }

  /// Something that is not as it was when the trial was trained.
  package struct Change: Sendable, Hashable {
    /// The thing: `cpu`, `BLAS`.
    package let name: String
    /// Its value then and now.
    package let then, now: String
  }

  /// The trial that is trained again.
  package let trial: Trial
  let details: TrialDetails
  private let result: TrialResult
  private let store: Store
  private let trainer: Trainer
  private let initialWeights: [Tensor]?

  /// Reads the trial's data and initial weights.
  ///
  /// - Parameters:
  ///   - data: the folder of the known data sets.
  ///   - gridFolder: the folder from which paths in the trial's grid count.
  ///   - threads: threads inside the trial.
  /// - Throws: ``OperationalError`` where the trial did not run to its end, another program trained it, or its data or
  ///   initial weights are not those that it began with.
  package init(
    _ details: TrialDetails, in store: Store, data: DataRoot, gridFolder: GridFolder,
    threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    guard let result = details.record.result else {
      throw OperationalError(
        "trial \(details.record.key.prefix(12)) is \(details.record.state.rawValue): only what ran to its end can be verified"
      )
    }
    let named = try details.trainable(to: "it can't be trained again")
    let configuration = named.resolved
    let dataset = try DatasetLibrary(root: data, relativeTo: gridFolder.path).loadSplit(configuration.dataset)
    guard dataset.digest == details.dataDigest else {
      throw OperationalError(
        "the data is not what the trial learnt from: its digest is \(dataset.digest), stored is \(details.dataDigest)")
    }
    initialWeights = try configuration.initialWeights.map {
      try Self.read($0.file(ofSeed: details.record.seed), in: gridFolder)
    }
    trial = Trial(configuration: named, seed: details.record.seed)
    trainer = Trainer(dataset: dataset, threads: threads)
    (self.details, self.result, self.store) = (details, result, store)
  }

  /// Trains the trial and compares; nothing is written.
  ///
  /// - Parameter report: hears every event of the training.
  package func run(report: @escaping @Sendable (TrialEvent) -> Void = { _ in }) async throws -> Outcome {
    // Training takes a thread for long, which one of Swift's concurrency must not be.
    let trained = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try train(report) }) }
    }
    let difference = TraceDifference(
      storedLosses: try store.losses(of: details.record.key, isProven: false),
      storedEvaluations: details.record.evaluations, losses: trained.losses, evaluations: trained.evaluations
    ).first
    let fits =
      trained.digest == result.traceDigest
      || TraceDigest.fits(
        result.traceDigest, losses: trained.losses, evaluations: trained.evaluations, rates: trained.rates)
    return Outcome(
      isSame: fits && difference == nil, firstDifference: difference, losses: trained.losses.count,
      evaluations: trained.evaluations.count, storedDigest: result.traceDigest, digest: trained.digest)
  }

  /// Checks the times and counts, which no training gives again, against their digest.
  package func checkTimes() throws { try store.prove(details.record.key) }

  /// Checks the trial's weights, where they were kept with a digest.
  package func checkWeights() throws {
    guard result.weightsDigest != nil else { return }
    _ = try StoreFolders(store: store.path).weights(of: details.record) { _ in }
  }

  /// Differences of machine and program between then and now; `nil` where the store does not know them.
  package var changes: [Change]? {
    guard let then = details.attempts.last?.environment else { return nil }
    let now = Provenance.environment(workers: 1)
    return [
      Change(name: "cpu", then: then.cpu, now: now.cpu), Change(name: "BLAS", then: then.blas, now: now.blas),
      Change(name: "program", then: then.program, now: now.program),
      Change(name: "Swift", then: then.swift, now: now.swift),
    ].filter { $0.then != $0.now }
  }

  /// Whether the trial was trained with the numbers of this version of the engine.
  package var hasNumbersOfThisVersion: Bool {
    trial.configuration.resolved.trialKeys(
      of: [trial.seed], hash: details.configurationHash, dataDigest: details.dataDigest) == [details.record.key]
  }

  /// A training's trace.
  private struct Trace: Sendable {
    var losses: [Float] = []
    var rates: [Double] = []
    var evaluations: [Evaluation] = []
    var digest = ""
  }

  private func train(_ report: @escaping (TrialEvent) -> Void) throws -> Trace {
    var trace = Trace()
    let hooks = TrainingHooks(emit: { event in
      report(event)
      switch event {
      case .batchLosses(_, let losses): trace.losses += losses
      case .learningRates(_, let rates): trace.rates += rates
      case .evaluation(let evaluation): trace.evaluations.append(evaluation)
      }
    })
    if case .finished(let result, _) = try trainer.train(trial, initialWeights: initialWeights, hooks: hooks) {
      trace.digest = result.traceDigest
    }
    return trace
  }

  private static func read(_ weights: InitialWeights, in folder: GridFolder) throws -> [Tensor] {
    let folder = URL(filePath: folder.path, directoryHint: .isDirectory)
    let bytes = try readFile(URL(filePath: weights.path, relativeTo: folder))
    guard ContentDigest.hex(of: bytes) == weights.digest else {
      throw OperationalError(
        "\(weights.path): is not the file that the trial began with; expected SHA-256 \(weights.digest ?? "unknown")")
    }
    return try SafetensorsFile.read(bytes)
  }
}
