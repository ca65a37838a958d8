import Presentation

/// The curves that another program brought, as a study of their own.
package struct ImportedStudy: Sendable {
  /// What varies, in the order of the file.
  package var axes: [Axis]
  /// In the order of the file.
  package var configurations: [ImportedConfiguration]

  /// Creates a study.
  package init(axes: [Axis], configurations: [ImportedConfiguration]) {
    (self.axes, self.configurations) = (axes, configurations)
  }

  /// All trials.
  package var trialCount: Int { configurations.reduce(0) { $0 + $1.trials.count } }
}

/// A configuration that another program trained, with its trials.
package struct ImportedConfiguration: Sendable {
  /// Name and settings.
  package var configuration: RecordedConfiguration
  /// One per seed, in the order of the file.
  package var trials: [ImportedTrial]

  /// Creates a configuration.
  package init(configuration: RecordedConfiguration, trials: [ImportedTrial]) {
    (self.configuration, self.trials) = (configuration, trials)
  }
}

/// The curves of a trial that another program trained.
package struct ImportedTrial: Sendable {
  /// The seed, as the other program names it.
  package var seed: UInt64
  /// Training losses in order of their iterations; at any iterations, each once.
  package var losses: [LossPoint]
  /// What was measured on validation and test examples, in order. The train loss of each is the mean of the training
  /// losses since the one before, NaN where the file has none.
  package var evaluations: [Evaluation]

  /// Creates a trial.
  package init(seed: UInt64, losses: [LossPoint], evaluations: [Evaluation]) {
    (self.seed, self.losses, self.evaluations) = (seed, losses, evaluations)
  }

  /// The last iteration that the file tells of.
  package var iterations: Int { max(losses.last?.iteration ?? 0, evaluations.last?.iteration ?? 0) }

  /// What came of it: diverged at the first loss that is not finite. Nobody knows its times and its memory.
  package var result: TrialResult {
    let bad =
      losses.filter { !$0.loss.isFinite }.map(\.iteration)
      + evaluations.filter { evaluation in
        [evaluation.validation, evaluation.test].contains { $0.map { !$0.loss.isFinite } ?? false }
      }.map(\.iteration)
    return TrialResult(
      outcome: bad.min().map { .diverged(iteration: $0) } ?? .done, iterations: iterations, wallSeconds: .nan,
      cpuSeconds: .nan, peakBytes: 0, imagesPerSecond: .nan, confusion: nil,
      traceDigest: TraceDigest.ofImported(losses: losses, evaluations: evaluations))
  }

  /// What tells the trial from every other: SHA-256, in hexadecimal, over configuration, seed and curves.
  package func key(configurationHash: String) -> String {
    let value: JSONValue = [
      "imported": .string(configurationHash), "seed": .number(JSONNumber(seed)),
      "trace": .string(result.traceDigest),
    ]
    return ContentDigest.hex(of: Array(value.compactText.utf8))
  }
}

/// The file that a study was imported from. It stands where the grid stands of a study that was trained here.
package struct ImportedFile: Hashable, Sendable {
  /// The file as the user named it.
  package var name: String
  /// SHA-256 of its bytes, in hexadecimal.
  package var digest: String

  /// Names a file.
  package init(name: String, digest: String) { (self.name, self.digest) = (name, digest) }

  /// Reads what ``gridText`` wrote; `nil` for a grid.
  package init?(gridText: String) {
    guard gridText.hasPrefix(Self.start) else { return nil }
    var reader = JSONReader(Array(gridText.utf8))
    guard let root = try? reader.read().value, let file = root["imported"], let name = file["file"]?.string,
      let digest = file["sha256"]?.string
    else { return nil }
    self.init(name: name, digest: digest)
  }

  /// The text that is kept with the study's revision.
  package var gridText: String {
    let value: JSONValue = ["imported": ["file": .string(name), "sha256": .string(digest)]]
    return value.compactText
  }

  /// How every such text begins, and no grid: a grid has no such key.
  private static let start = "{\"imported\":"

  /// `imported from curves.csv, trained elsewhere`
  package var sentence: String { "imported from \(PlainText.oneLine(name)), trained elsewhere" }
}
