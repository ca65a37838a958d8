import Experiments
import Statistics

/// A candidate's results compared with a baseline's: what was lost, what was won, and what can't be told.
///
/// Trials are matched by their configurations' hashes and seeds. The same results and policy give the same comparison.
public struct StudyComparison: Sendable {
  /// What a comparison says of a configuration's metric.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// Single seeds lost more than the tolerance, and many times what lies between the baseline's seeds; what the others
    /// did does not matter.
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
    /// Why there is nothing to compare.
    public var reason: String?
    /// Whether all losses and scores are the same to the last bit.
    public var tracesAreEqual = false
    /// The compared seeds.
    public var seeds: [UInt64] = []
    /// Candidate minus baseline, one for each compared seed, in the metric's own unit.
    public var differences: [Double] = []
    /// Seeds of the baseline that have a value.
    public var baselineSeeds = 0
    /// Seeds with a value on both sides that are left out: they ran elsewhere, or had another share of the processor.
    public var excludedSeeds = 0
    /// Seeds that lost many times what lies between the baseline's seeds.
    public var collapsedSeeds: [UInt64] = []
    /// The largest loss that a single seed may have; `nil` where neither a spread nor a tolerance says.
    public var collapseLimit: Double?
    /// Means over the compared seeds.
    public var baselineMean, candidateMean: Double?
    /// Where the mean loss lies, corrected for all rows; positive is worse. `nil` for costs and too few seeds.
    public var lossInterval: Interval?
    /// The loss that is not minded, in the metric's own unit.
    public var tolerance: Double?
    /// Whether seeds are left out because their trials waited for the processor.
    var waited = false

    /// The mean of the differences; `nil` without compared seeds.
    public var difference: Double? { differences.isEmpty ? nil : mean(differences) }

    /// The mean difference as a loss: positive where the candidate is worse.
    public var loss: Double? { difference.map { metric.higherIsBetter ? -$0 : $0 } }

    /// Where the mean difference lies: ``lossInterval`` with the metric's own sign.
    public var interval: Interval? {
      let interval = metric.higherIsBetter ? lossInterval?.negated : lossInterval
      guard metric.isAccuracy, let baselineMean else { return interval }
      return interval?.cut(to: -baselineMean...max(0, 1 - baselineMean))
    }

    /// Whether nothing is shown although the measured loss exceeds the tolerance: a gate that lets this pass is none.
    var isSuspect: Bool {
      guard verdict == .notDecided || verdict == .notTested, let loss, let tolerance else { return false }
      return loss > tolerance * (1 + 1e-9)
    }
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

  /// How many traces are equal, of the trials that have one on both sides.
  public struct Bits: Sendable, Hashable {
    /// Equal to the last bit.
    public var equal = 0
    /// Not equal, although the keys, and with them the version of the engine's numbers, are.
    public var changed = 0
    /// Without a known key on one side.
    public var withoutKey = 0
    /// All of them.
    public var all = 0
  }

  /// What the whole comparison comes to, the gravest first.
  public enum Outcome: String, Sendable, Hashable {
    /// Something is worse, or collapsed.
    case regression
    /// A trial of the baseline is missing or failed.
    case trialsLost = "trials_lost"
    /// A score is not decided although its measured loss exceeds the tolerance, or no score is comparable; where the
    /// policy is strict, anything is not decided, not tested or not comparable.
    case undecided
    /// Nothing to mind.
    case fine
  }

  /// What the candidate is compared with.
  public let baseline: StudyResults
  /// What is compared.
  public let candidate: StudyResults
  /// The first baseline of its name, where the baseline was renewed since; a slow loss shows here alone.
  public let anchor: StudyResults?
  /// What is looked at, and how much is minded.
  public let policy: ComparisonPolicy
  /// One row for each configuration of the baseline and metric, in the baseline's order.
  public let rows: [Row]
  /// The scores and losses compared with the anchor's.
  public let anchorRows: [Row]
  /// What the candidate owes, in the baseline's order.
  public let lost: [LostTrial]
  /// Labels of the candidate's configurations that the baseline lacks.
  public let newLabels: [String]
  /// Rows that have an interval, over which it is corrected.
  public let familySize: Int
  /// How many traces are equal.
  public let bits: Bits
  /// Trials that are one and the same execution on both sides; they are left out.
  public let sameRuns: Int

  /// Compares.
  ///
  /// - Parameters:
  ///   - anchor: the first baseline of its name; each of the two comparisons then takes half of the policy's α.
  ///   - nights: what was recorded of earlier nights, for the spread of times.
  public init(
    baseline: StudyResults, candidate: StudyResults, policy: ComparisonPolicy = ComparisonPolicy(),
    anchor: StudyResults? = nil, nights: NightSpreads = NightSpreads()
  ) {
    (self.baseline, self.candidate, self.anchor) = (baseline, candidate, anchor)
    var policy = policy
    if !policy.limits.contains(where: { !$0.metric.isCost }) {
      policy.limits.insert(ComparisonPolicy.standardLimit(for: baseline), at: 0)
    }
    self.policy = policy
    let qualityLimits = policy.limits.filter { !$0.metric.isCost }
    var anchorRows = (anchor.map { Self.pairs($0, candidate) } ?? []).filter { $0.candidate != nil }
      .flatMap { qualityLimits.map($0.qualityRow) }
    // An anchor of another grid or of other data shows nothing, and takes no share of α.
    if anchorRows.allSatisfy({ $0.verdict == .notComparable }) { anchorRows = [] }
    let alpha = anchorRows.isEmpty ? policy.alpha : policy.alpha / 2
    let pairs = Self.pairs(baseline, candidate)
    lost = pairs.flatMap(\.lost)
    let known = Set(baseline.configurations.map(\.hash))
    newLabels = candidate.configurations.filter { !known.contains($0.hash) }.map(\.label)
    bits = pairs.map(\.bits).reduce(into: Bits()) { sum, next in
      sum.equal += next.equal
      sum.changed += next.changed
      sum.withoutKey += next.withoutKey
      sum.all += next.all
    }
    sameRuns = pairs.reduce(0) { $0 + $1.sameRuns }

    var rows = pairs.flatMap { pair in
      policy.limits.flatMap { limit in
        limit.metric.isCost
          ? Self.costRows(pair, limit, limits: policy.limits, nights: nights) : [pair.qualityRow(limit)]
      }
    }
    let family = QualityFamily(judging: &rows, of: baseline, alpha: alpha)
    (self.rows, familySize) = (rows, family.size)
    if let anchor { _ = QualityFamily(judging: &anchorRows, of: anchor, alpha: alpha) }
    self.anchorRows = anchorRows
  }

  private static func pairs(_ baseline: StudyResults, _ candidate: StudyResults) -> [ConfigurationPair] {
    let others = Dictionary(candidate.configurations.map { ($0.hash, $0) }) { first, _ in first }
    let known = Set(baseline.configurations.map(\.hash))
    let namesakes = Set(candidate.configurations.filter { !known.contains($0.hash) }.map(\.label))
    return baseline.configurations.map {
      ConfigurationPair(baseline: $0, candidate: others[$0.hash], namesakes: namesakes)
    }
  }

  /// The row of a cost, and where trials waited the processor time's too: it shows what the program itself took.
  private static func costRows(
    _ pair: ConfigurationPair, _ limit: ComparisonPolicy.Limit, limits: [ComparisonPolicy.Limit], nights: NightSpreads
  ) -> [Row] {
    func row(_ limit: ComparisonPolicy.Limit) -> Row {
      pair.costRow(limit, spread: nights.spread(of: pair.baseline.hash, limit.metric))
    }
    let first = row(limit)
    let needsProcessorTime = first.waited && !limits.contains { $0.metric == .cpuSeconds }
    return needsProcessorTime ? [first, row(pair.processorLimit(for: limit))] : [first]
  }

  /// Rows with a verdict, those since the anchor not counted.
  public func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }

  /// What it comes to.
  public var outcome: Outcome {
    let all = rows + anchorRows
    if all.contains(where: { $0.verdict == .worse || $0.verdict == .collapsed }) { return .regression }
    if !lost.isEmpty { return .trialsLost }
    if all.contains(where: \.isSuspect) { return .undecided }
    // Nothing was compared at all: no gate may let that pass.
    if rows.allSatisfy({ $0.metric.isCost || $0.verdict == .notComparable }) { return .undecided }
    let isOpen = all.contains { [.notDecided, .notTested, .notComparable].contains($0.verdict) }
    return policy.isStrict && isOpen ? .undecided : .fine
  }

  /// Whether both sides are the same executions of the same trials: comparing them says nothing.
  public var isWithItself: Bool {
    sameRuns > 0 && lost.isEmpty && bits.all == 0 && rows.allSatisfy { $0.differences.isEmpty }
  }
}
