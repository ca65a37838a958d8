import Comparing
import Experiments
import Foundation
import Presentation
import Reporting
import Tracking

extension GateSelfTest {
  /// Simulates nights with the configurations, seeds and spreads of a side that a user named.
  ///
  /// - Parameters:
  ///   - side: as ``NamedComparison`` takes it; `nil` is a typical study.
  ///   - nights: nights of each kind.
  ///   - warn: hears of a baseline file that can't be checked.
  /// - Throws: ``UsageError`` where no trial of the side is done.
  package init(
    of side: String?, policy: ComparisonPolicy, nights: Int, storePath: String,
    warn: @escaping @Sendable (String) -> Void
  ) throws {
    let results = try side.map { try CompareSource(defaultStore: storePath, warn: warn).results($0) }
    if let results, results.doneTrials == 0 {
      throw UsageError(
        "--self-test: no trial of study \(PlainText.oneLine(results.study)) is done, so there is nothing to take spreads "
          + "from")
    }
    self.init(of: results, policy: policy, nights: nights)
  }
}

/// A comparison of two sides that a user named, with the anchor and the nights that the store knows.
package struct NamedComparison: Sendable {
  /// The comparison.
  package let comparison: StudyComparison
  private let baseline: String
  private let storePath: String

  /// Reads both sides and compares them.
  ///
  /// - Parameters:
  ///   - baseline: a store, a study in one, a baseline's name or a baseline file, as ``CompareSource`` reads it.
  ///   - candidate: the same; `nil` is the baseline's study in the store, or the study that was at work last.
  ///   - storePath: the store in which names without a path are looked up; its nights tell how times spread.
  ///   - warn: hears of a baseline file that can't be checked.
  /// - Throws: ``OperationalError`` where the baseline has no trial that ended, and ``UsageError`` where both sides are
  ///   the same runs.
  package init(
    baseline: String, candidate: String?, policy: ComparisonPolicy, storePath: String,
    warn: @escaping @Sendable (String) -> Void
  ) throws {
    let source = CompareSource(defaultStore: storePath, warn: warn)
    let before = try source.results(baseline)
    guard before.endedTrials > 0 else {
      throw OperationalError(
        "\(PlainText.oneLine(baseline)): no trial of it is done or diverged, so there is nothing to compare with")
    }
    let after =
      try candidate.map { try source.results($0, preferring: before.study) } ?? source.latest(preferring: before.study)
    comparison = StudyComparison(
      baseline: before, candidate: after, policy: policy, anchor: try source.anchor(baseline),
      nights: try Self.recordedNights(in: storePath, like: after))
    if comparison.isWithItself {
      throw UsageError(
        "\(PlainText.oneLine(baseline)): both sides are the same runs of study \(PlainText.oneLine(before.study)), "
          + "revision \(before.revision), so there is nothing to compare; train it anew (bench run GRID --rerun, or --db "
          + "with another store), or name another baseline, study or store")
    }
    (self.baseline, self.storePath) = (baseline, storePath)
  }

  /// Keeps the candidate's numbers and the outcome as a night of its study's history.
  package func record() throws {
    let store = try Store(path: storePath, access: .readWrite)
    try store.saveNight(night)
    try store.close()
  }

  private var night: Night {
    let results = comparison.candidate
    let programs = Set(results.configurations.flatMap { $0.trials.compactMap(\.machine?.program) })
    // Another program may have another version of the engine's numbers, and the results do not say which.
    let isOurs = programs == ["\(Provenance.programVersion) (\(Provenance.build))"]
    return Night(
      results: results, recordedAt: Date.now.timeIntervalSince1970, numerics: isOurs ? NumericsVersion.current : nil,
      baseline: baseline, verdict: comparison.outcome.rawValue)
  }

  /// The nights of the study that the store has, for the spread of its times.
  private static func recordedNights(in path: String, like results: StudyResults) throws -> NightSpreads {
    guard FileManager.default.fileExists(atPath: path) else { return NightSpreads() }
    let nights = try Store(path: path, access: .readOnly).nights(ofStudy: results.study)
    return NightSpreads(nights, comparableWith: results)
  }
}
