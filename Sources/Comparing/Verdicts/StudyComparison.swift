import Experiments
import Statistics

/// A candidate's results compared with a baseline's: losses, gains, and what can't be told.
///
/// Trials are matched by their configurations' hashes and seeds. The same results and policy give the same comparison.
package struct StudyComparison: Sendable {
  /// The result of the whole comparison, the gravest first.
  package enum Outcome: String, Sendable, Hashable {
    /// Something is worse, or collapsed.
    case regression
    /// A trial of the baseline is missing or failed.
    case trialsLost = "trials_lost"
    /// A score is not decided although its measured loss exceeds the tolerance, or no score is comparable; where the
    /// policy is strict, anything is not decided, not tested or not comparable.
    case undecided
    /// Nothing of these.
    case fine
  }

  /// The results that the candidate is compared with.
  package let baseline: StudyResults
  /// The results that are judged.
  package let candidate: StudyResults
  /// The first baseline of its name, where the baseline was renewed since; a slow loss shows here alone.
  package let anchor: StudyResults?
  /// The metrics that are compared, with their tolerances.
  package let policy: ComparisonPolicy
  /// One row for each configuration of the baseline and metric, in the baseline's order.
  package let rows: [ComparisonRow]
  /// The scores and losses compared with the anchor's.
  package let anchorRows: [ComparisonRow]
  /// Trials of the baseline that the candidate lacks, in the baseline's order.
  package let lost: [LostTrial]
  /// Labels of the candidate's configurations that the baseline lacks.
  package let newLabels: [String]
  /// Rows that have an interval, over which it is corrected.
  package let familySize: Int
  /// Counts of equal traces.
  package let bits: EqualTraces
  /// Trials that are one and the same execution on both sides; they are left out.
  package let sameRuns: Int

  /// Compares.
  ///
  /// - Parameters:
  ///   - anchor: the first baseline of its name; each of the two comparisons then takes half of the policy's α.
  ///   - nights: what was recorded of earlier nights, for the spread of times.
  package init(
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
    let known = Set(pairs.compactMap(\.candidate?.hash))
    newLabels = candidate.configurations.filter { !known.contains($0.hash) }.map(\.label)
    bits = pairs.map(\.bits).reduce(into: EqualTraces()) { sum, next in
      sum.equal += next.equal
      sum.changed += next.changed
      sum.libraries.formUnion(next.libraries)
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

  /// Each configuration of the baseline with the same one of the candidate: that of its hash or, where one of the two was
  /// imported and its hash says nothing of what was trained, that of its label, or of the short name that tables show.
  private static func pairs(_ baseline: StudyResults, _ candidate: StudyResults) -> [ConfigurationPair] {
    let others = Dictionary(candidate.configurations.map { ($0.hash, $0) }) { first, _ in first }
    let byLabel = Dictionary(candidate.configurations.map { ($0.label, $0) }) { first, _ in first }
    let known = Set(baseline.configurations.map(\.hash))
    let namesakes = Set(candidate.configurations.filter { !known.contains($0.hash) }.map(\.label))
    let byName = Dictionary(
      candidate.configurations.compactMap { other in candidate.names[other.hash].map { ($0, other) } }
    ) { first, _ in first }
    return baseline.configurations.map { configuration in
      let same =
        byLabel[configuration.label] ?? byName[configuration.label]
        ?? baseline.names[configuration.hash].flatMap { byLabel[$0] }
      let namesake = same.flatMap { $0.isImported || configuration.isImported ? $0 : nil }
      return ConfigurationPair(
        baseline: configuration, candidate: others[configuration.hash] ?? namesake, namesakes: namesakes)
    }
  }

  /// The row of a cost, and where trials waited the processor time's too: it shows what the program itself took.
  private static func costRows(
    _ pair: ConfigurationPair, _ limit: ComparisonPolicy.Limit, limits: [ComparisonPolicy.Limit], nights: NightSpreads
  ) -> [ComparisonRow] {
    func row(_ limit: ComparisonPolicy.Limit) -> ComparisonRow {
      pair.costRow(limit, spread: nights.spread(of: pair.baseline.hash, limit.metric))
    }
    let first = row(limit)
    let needsProcessorTime = first.waited && !limits.contains { $0.metric == .cpuSeconds }
    return needsProcessorTime ? [first, row(pair.processorLimit(for: limit))] : [first]
  }

  /// The result as a whole.
  package var outcome: Outcome {
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
  package var isWithItself: Bool {
    sameRuns > 0 && lost.isEmpty && bits.all == 0 && rows.allSatisfy { $0.differences.isEmpty }
  }
}
