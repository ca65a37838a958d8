import Experiments
import Statistics

@testable import Comparing

/// Results to compare, with differences that are known.
enum ComparisonSamples {
  static let machine = Machine(host: "night", cpu: "EPYC", cores: 2, workers: 2, program: "1.0")

  /// What becomes of one configuration between baseline and candidate.
  struct Change {
    var label: String
    /// Added to the candidate's accuracies.
    var shift = 0.0
    /// Standard deviation of a difference.
    var noise = 0.0
    var hash: String?
    var before = 0.96
  }

  /// Both sides with these changes; without noise or shift the traces are equal.
  static func sides(
    _ changes: [Change], seeds: Int = 6, speed: Double = 1
  ) -> (baseline: StudyResults, candidate: StudyResults) {
    var generator = SeededGenerator(seed: 3)
    var baseline = StudyResults(study: "nightly", revision: 1, commit: "0123456789abcdef", configurations: [])
    var candidate = baseline
    (candidate.revision, candidate.commit) = (2, "fedcba9876543210+")
    for (index, change) in changes.enumerated() {
      let hash = change.hash ?? "hash\(index)"
      let isEqual = change.shift == 0 && change.noise == 0
      // Drawn outside: values come in pairs, whatever is changed.
      let drawn = (0..<seeds).map { _ in (rounded(generator.nextNormal() * 0.004), generator.nextNormal()) }
      func trials(_ isCandidate: Bool) -> [StudyResults.Trial] {
        drawn.enumerated().map { seed, noise in
          let moved = isCandidate ? change.shift + change.noise * noise.1 : 0
          return StudyResults.Trial(
            seed: UInt64(seed), state: .done,
            traceDigest: isCandidate && !isEqual ? "after-\(index)-\(seed)" : "trace-\(index)-\(seed)",
            machine: machine,
            values: [
              .testAccuracy: rounded(change.before + noise.0 + moved), .testLoss: rounded(0.1 - moved),
              .imagesPerSecond: rounded((isCandidate ? speed : 1) * 5000 * (1 + noise.0)),
            ])
        }
      }
      baseline.configurations.append(
        .init(label: change.label, hash: hash, dataDigest: "digits", trials: trials(false)))
      candidate.configurations.append(
        .init(label: change.label, hash: hash, dataDigest: "digits", trials: trials(true)))
    }
    return (baseline, candidate)
  }

  /// One of every verdict, lost trials and a new configuration.
  static func everything(labels: [String]? = nil) -> StudyComparison {
    let names = labels ?? ["steady", "worse", "better", "unsure", "elsewhere", "gone", "new"]
    var (baseline, candidate) = sides([
      Change(label: names[0]), Change(label: names[1], shift: -0.01, noise: 0.002),
      Change(label: names[2], shift: 0.012, noise: 0.002, before: 0.93),
      Change(label: names[3], shift: -0.003, noise: 0.009), Change(label: names[4], noise: 0.001),
      Change(label: names[5]), Change(label: names[6]),
    ])
    baseline.configurations.removeLast()
    candidate.configurations.remove(at: 5)
    for seed in candidate.configurations[4].trials.indices {
      candidate.configurations[4].trials[seed].machine?.host = "other"
    }
    candidate.configurations[0].trials[2].state = .failed
    candidate.configurations[0].trials[2].error = "out of memory: <tensor> & \"more\"\nsecond line"
    candidate.configurations[0].trials[2].values = [:]
    candidate.configurations[0].trials[2].traceDigest = nil
    let limits: [ComparisonPolicy.Limit] = [
      .init(.testAccuracy, .absolute(0.005)), .init(.imagesPerSecond, .relative(0.1)),
    ]
    return StudyComparison(baseline: baseline, candidate: candidate, policy: ComparisonPolicy(limits: limits))
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e7).rounded() / 1e7 }
}
