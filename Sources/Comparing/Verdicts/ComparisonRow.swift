import Statistics

/// A configuration's metric on both sides.
package struct ComparisonRow: Sendable, Hashable {
  /// The configuration's label in the candidate, or in the baseline where the candidate lacks it.
  package var label: String
  /// The configuration's hash.
  package var hash: String
  /// The metric that is compared.
  package var metric: ComparedMetric
  /// The outcome.
  package var verdict: Verdict
  /// Why there is nothing to compare.
  package var reason: String?
  /// Whether all losses and scores are the same to the last bit.
  package var tracesAreEqual = false
  /// The compared seeds.
  package var seeds: [UInt64] = []
  /// Candidate minus baseline, one for each compared seed, in the metric's own unit.
  package var differences: [Double] = []
  /// Seeds of the baseline that have a value.
  package var baselineSeeds = 0
  /// Seeds with a value on both sides that are left out: they ran elsewhere, or had another share of the processor.
  package var excludedSeeds = 0
  /// Seeds that lost many times what lies between the baseline's seeds.
  package var collapsedSeeds: [UInt64] = []
  /// The largest loss that a single seed may have; `nil` where neither a spread nor a tolerance says.
  package var collapseLimit: Double?
  /// Means over the compared seeds.
  package var baselineMean, candidateMean: Double?
  /// Where the mean loss lies, corrected for all rows; positive is worse. `nil` for costs and too few seeds.
  package var lossInterval: Interval?
  /// The tolerated loss, in the metric's own unit.
  package var tolerance: Double?
  /// Whether seeds are left out because their trials waited for the processor.
  var waited = false

  /// The mean of the differences; `nil` without compared seeds.
  package var difference: Double? { differences.isEmpty ? nil : mean(differences) }

  /// The mean difference as a loss: positive where the candidate is worse.
  package var loss: Double? { difference.map { metric.higherIsBetter ? -$0 : $0 } }

  /// Where the mean difference lies: ``lossInterval`` with the metric's own sign.
  package var interval: Interval? {
    let interval = metric.higherIsBetter ? lossInterval?.negated : lossInterval
    guard metric.isShare, let baselineMean else { return interval }
    return interval?.cut(to: -baselineMean...max(0, 1 - baselineMean))
  }

  /// Whether nothing is shown although the measured loss exceeds the tolerance: a gate must not let this pass.
  var isSuspect: Bool {
    guard verdict == .notDecided || verdict == .notTested, let loss, let tolerance else { return false }
    return loss > tolerance * (1 + 1e-9)
  }
}

/// The verdict of a comparison on one configuration's metric.
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// Single seeds lost more than the tolerance and many times the spread between the baseline's seeds, whatever the
  /// others did.
  case collapsed
  /// The mean loss is shown to be larger than the tolerance.
  case worse
  /// Neither a loss beyond the tolerance nor its absence is shown.
  case notDecided = "not_decided"
  /// There are too few common seeds to show anything.
  case notTested = "not_tested"
  /// There is nothing to compare.
  case notComparable = "not_comparable"
  /// A loss is shown, and that it is no larger than the tolerance.
  case worseWithinTolerance = "worse_within_tolerance"
  /// The loss, if there is one, is shown to be no larger than the tolerance.
  case withinTolerance = "within_tolerance"
  /// A gain is shown.
  case better
  /// All losses and scores are the same to the last bit.
  case equal
}

/// A trial of the baseline that is missing in the candidate, failed or diverged there.
package struct LostTrial: Sendable, Hashable {
  /// The configuration's label.
  package var label: String
  /// The seed.
  package var seed: UInt64
  /// The reason in words.
  package var problem: String
}

/// A trial's matrix library on both sides, which rounds differently.
package struct LibraryChange: Sendable, Hashable {
  /// Version and kind of core of the baseline's.
  package var before: String
  /// Version and kind of core of the candidate's.
  package var after: String

  /// `nil` where they are the same, or one is not known.
  init?(_ before: String?, _ after: String?) {
    guard let before, let after, before != after else { return nil }
    (self.before, self.after) = (before, after)
  }
}

/// Counts of the equal traces among the trials that have one on both sides.
package struct EqualTraces: Sendable, Hashable {
  /// Equal to the last bit.
  package var equal = 0
  /// Not equal, although the keys, and with them the version of the engine's numbers, are.
  package var changed = 0
  /// The matrix libraries of those that are not equal, where they ran with different ones.
  package var libraries: Set<LibraryChange> = []
  /// Without a known key on one side.
  package var withoutKey = 0
  /// All of them.
  package var all = 0
}
