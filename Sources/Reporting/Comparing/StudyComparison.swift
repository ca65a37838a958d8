import Experiments
import Statistics

/// A candidate's results held against a baseline's: what was lost, what was won, and what can't be told.
///
/// Trials are matched by their configurations' hashes and seeds. The same results and policy give the same comparison.
public struct StudyComparison: Sendable {
  /// What a comparison says of a configuration's metric.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// The mean loss exceeds the tolerance, and chance does not explain it.
    case regressed
    /// The mean gain exceeds the tolerance, and chance does not explain it.
    case improved
    /// The interval lies inside the tolerance, or the traces are equal to the last bit.
    case same
    /// There is nothing to hold against each other.
    case incomparable
    /// Neither this nor that can be said.
    case inconclusive
  }

  /// A configuration's metric on both sides.
  public struct Row: Sendable, Hashable {
    /// The configuration's label in the candidate, or in the baseline where the candidate lacks it.
    public var label: String
    /// The configuration's hash.
    public var hash: String
    /// What is compared.
    public var metric: ComparedMetric
    /// The outcome.
    public var verdict: Verdict
    /// Why there is nothing to compare, or why no more can be said.
    public var reason: String?
    /// Whether all losses and scores are the same to the last bit.
    public var tracesAreEqual: Bool
    /// Candidate minus baseline, one a compared seed, in the metric's own unit.
    public var differences: [Double]
    /// Seeds with a value on both sides that are left out: they ran elsewhere, or had another share of the processor.
    public var excludedSeeds = 0
    /// Means over the compared seeds.
    public var baselineMean, candidateMean: Double?
    /// Student's t interval of the mean difference, not corrected.
    public var interval: Interval?
    /// The loss that is not minded, in the metric's own unit.
    public var tolerance: Double?
    /// Corrected one-sided p of "no worse than before".
    public var pWorse: Double?
    /// Corrected one-sided p of "no better than before".
    public var pBetter: Double?

    /// The mean of the differences; `nil` without compared seeds.
    public var difference: Double? { differences.isEmpty ? nil : mean(differences) }
  }

  /// A trial of the baseline that the candidate owes.
  public struct LostTrial: Sendable, Hashable {
    /// The configuration's label.
    public var label: String
    /// The seed.
    public var seed: UInt64
    /// What became of it.
    public var problem: String
  }

  /// What the whole comparison comes to, the gravest first.
  public enum Outcome: String, Sendable, Hashable {
    /// Something regressed.
    case regression
    /// A trial of the baseline is missing or failed.
    case trialsLost = "trials_lost"
    /// Something can't be told, and the policy is strict.
    case undecided
    /// Nothing to mind.
    case fine
  }

  /// What is held against.
  public let baseline: StudyResults
  /// What is held.
  public let candidate: StudyResults
  /// What is looked at, and how much is minded.
  public let policy: ComparisonPolicy
  /// A row a configuration of the baseline and a metric, in the baseline's order.
  public let rows: [Row]
  /// What the candidate owes, in the baseline's order.
  public let lost: [LostTrial]
  /// Labels of the candidate's configurations that the baseline lacks.
  public let newLabels: [String]
  /// The rows that were tested, over which p is corrected.
  public let familySize: Int
  /// Whether all sign patterns were counted.
  public let isExact: Bool

  /// Compares.
  public init(baseline: StudyResults, candidate: StudyResults, policy: ComparisonPolicy = ComparisonPolicy()) {
    (self.baseline, self.candidate) = (baseline, candidate)
    var policy = policy
    if policy.limits.isEmpty { policy.limits = ComparisonPolicy.standardLimits(for: baseline) }
    self.policy = policy
    let others = Dictionary(candidate.configurations.map { ($0.hash, $0) }) { first, _ in first }
    let known = Set(baseline.configurations.map(\.hash))
    newLabels = candidate.configurations.filter { !known.contains($0.hash) }.map(\.label)
    let namesakes = Set(newLabels)
    let pairs = baseline.configurations.map {
      ConfigurationPair(baseline: $0, candidate: others[$0.hash], namesakes: namesakes)
    }
    lost = pairs.flatMap(\.lost)

    var rows: [Row] = []
    var family: [(row: Int, losses: [UInt64: Double])] = []
    for pair in pairs {
      var limits = policy.limits
      var next = 0
      while next < limits.count {
        let (row, losses) = pair.row(limits[next], confidence: policy.confidence)
        if let losses { family.append((rows.count, losses)) }
        rows.append(row)
        // Where trials waited, the processor time shows what the program itself took.
        if row.metric.dependsOnLoad, row.reason != nil, row.verdict == .inconclusive,
          !limits.contains(where: { $0.metric == .cpuSeconds })
        {
          limits.append(pair.processorLimit(for: limits[next]))
        }
        next += 1
      }
    }
    let seeds = Set(family.flatMap(\.losses.keys)).sorted()
    let losses = family.map { member in seeds.map { member.losses[$0] ?? .nan } }
    let tolerances = family.map { rows[$0.row].tolerance ?? 0 }
    let worse = MaxT.scaledTest(losses, floors: tolerances, alternative: .greater)
    let better = MaxT.scaledTest(losses, floors: tolerances, alternative: .less)
    for (place, member) in family.enumerated() {
      rows[member.row].pWorse = worse.p[place]
      rows[member.row].pBetter = better.p[place]
      rows[member.row].verdict = rows[member.row].testedVerdict(alpha: policy.alpha)
      if rows[member.row].verdict == .regressed { rows[member.row].reason = nil }
    }
    (self.rows, familySize, isExact) = (rows, family.count, worse.isExact)
  }

  /// Rows with a verdict.
  public func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

  /// What it comes to.
  public var outcome: Outcome {
    if count(.regressed) > 0 { return .regression }
    if !lost.isEmpty { return .trialsLost }
    return policy.isStrict && count(.inconclusive) + count(.incomparable) > 0 ? .undecided : .fine
  }
}

extension StudyComparison.Row {
  /// The mean difference as a loss: positive where the candidate is worse.
  var loss: Double? { difference.map { metric.higherIsBetter ? -$0 : $0 } }

  fileprivate func testedVerdict(alpha: Double) -> StudyComparison.Verdict {
    guard let loss, let tolerance, let pWorse, let pBetter else { return .inconclusive }
    // 0.97 − 0.965 is a little more than 0.005.
    let limit = tolerance * (1 + 1e-9)
    if loss > limit, pWorse <= alpha { return .regressed }
    // Seeds were left out because their trials waited: the others can't speak for them.
    if reason != nil { return .inconclusive }
    if -loss > limit, pBetter <= alpha { return .improved }
    if let interval, interval.lower >= -limit, interval.upper <= limit { return .same }
    return .inconclusive
  }
}
