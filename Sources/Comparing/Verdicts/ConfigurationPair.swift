import Experiments
import Statistics

/// A configuration of the baseline and the same one of the candidate, where it has it.
struct ConfigurationPair {
  /// A seed's trial on both sides.
  typealias Match = (before: StudyResults.Trial, after: StudyResults.Trial)

  let baseline: StudyResults.Configuration
  let candidate: StudyResults.Configuration?
  /// Trials of common seeds; of those that are equal to the last bit to another's on both sides, the first alone, and
  /// none that is one execution on both sides.
  private let matches: [Match]
  /// Trials that are one and the same execution on both sides, of which nothing can be learned.
  let sameRuns: Int
  private let others: [UInt64: StudyResults.Trial]
  private let hasOtherData: Bool

  /// Whether the candidate has another configuration of the same name.
  private let hasNamesake: Bool

  init(baseline: StudyResults.Configuration, candidate: StudyResults.Configuration?, namesakes: Set<String> = []) {
    (self.baseline, self.candidate) = (baseline, candidate)
    hasNamesake = namesakes.contains(baseline.label)
    let others = Dictionary((candidate?.trials ?? []).map { ($0.seed, $0) }) { first, _ in first }
    self.others = others
    var seen: Set<[String]> = []
    let common = baseline.trials.compactMap { before in others[before.seed].map { (before, $0) } }
    let different = common.filter { !$0.0.isSameRun(as: $0.1) }
    sameRuns = common.count - different.count
    matches = different.compactMap { before, after in
      if let first = before.traceDigest, let second = after.traceDigest, !seen.insert([first, second]).inserted {
        return nil
      }
      return (before, after)
    }
    let digests = [baseline.dataDigest, candidate?.dataDigest ?? ""]
    hasOtherData = !digests.contains("") && digests[0] != digests[1]
  }

  private var label: String { candidate?.label ?? baseline.label }

  /// The baseline's trials that are missing or failed here.
  ///
  /// One that diverged is owed where it did not before: no number of it can be compared, and none is worse. One that
  /// failed before is not owed.
  var lost: [LostTrial] {
    return baseline.trials.filter(\.hasEnded).compactMap { before in
      let problem: String
      switch (others[before.seed], others[before.seed]?.state) {
      case (nil, _), (_, nil): problem = candidate == nil ? missingText : "missing"
      case (_, .done): return nil
      case (_, .diverged) where before.state != .done: return nil
      case (_, .diverged): problem = "diverged"
      case (let after?, .failed): problem = "failed: \(after.error ?? "no message")"
      case (_, let state?): problem = "has not ended: \(state.rawValue)"
      }
      return LostTrial(label: label, seed: before.seed, problem: problem)
    }
  }

  /// Why a configuration is missing: most often its grid was changed.
  private var missingText: String {
    hasNamesake
      ? "the configuration of this name has other settings now; if that was meant, save the baseline anew"
      : "the configuration is missing"
  }

  /// Counts of the common trials that are equal to the last bit, of those that are not although keys, and with them the version
  /// of the engine's numbers, are equal, and how many keys are not known.
  var bits: EqualTraces {
    let ended = matches.filter { $0.before.traceDigest != nil && $0.after.traceDigest != nil }
    let changed = ended.filter {
      $0.before.traceDigest != $0.after.traceDigest && $0.before.key != nil && $0.before.key == $0.after.key
    }
    return EqualTraces(
      equal: ended.count { $0.before.traceDigest == $0.after.traceDigest }, changed: changed.count,
      libraries: Set(changed.compactMap { LibraryChange($0.before.blas, $0.after.blas) }),
      withoutKey: ended.count { $0.before.key == nil || $0.after.key == nil }, all: ended.count)
  }

  /// The row of a score or loss before it is judged.
  func qualityRow(_ limit: ComparisonPolicy.Limit) -> ComparisonRow {
    guard var row = startedRow(limit.metric) else { return lackingRow(limit.metric) }
    fill(&row, with: measured(limit.metric), limit: limit)
    // A trial that is done with a score that is no longer a number is as bad as one at chance.
    let vanished = matches.filter {
      $0.after.state == .done && $0.before.values[limit.metric] != nil && $0.after.values[limit.metric] == nil
    }
    let ended = matches.filter { $0.before.traceDigest != nil && $0.after.traceDigest != nil }
    // Digests alone prove nothing where the numbers beside them differ or are gone.
    let isWhole = matches.filter { $0.before.state == .done && $0.after.state == .done }.allSatisfy { pair in
      (pair.before.values[limit.metric] == nil) == (pair.after.values[limit.metric] == nil)
    }
    let isMeasured = !row.differences.isEmpty || ended.allSatisfy { $0.before.state == .diverged }
    row.tracesAreEqual =
      !ended.isEmpty && ended.allSatisfy { $0.before.traceDigest == $0.after.traceDigest }
      && isWhole && isMeasured && row.differences.allSatisfy { $0 == 0 }
    if !vanished.isEmpty {
      (row.verdict, row.collapsedSeeds) = (.notTested, vanished.map(\.before.seed))
    } else if row.tracesAreEqual {
      row.verdict = .equal
    } else if row.differences.isEmpty {
      row.reason = "no seed with a value on both sides"
    } else {
      row.verdict = .notTested
    }
    return row
  }

  /// The row of a time, a speed or memory, judged by the tolerance alone.
  ///
  /// - Parameter spread: by how much the mean may move between nights of the same program, where nights are recorded.
  func costRow(_ limit: ComparisonPolicy.Limit, spread: Double?) -> ComparisonRow {
    let metric = limit.metric
    guard var row = startedRow(metric) else { return lackingRow(metric) }
    let measured = measured(metric)
    let onOneMachine = measured.filter { $0.before.machine != nil && $0.before.machine == $0.after.machine }
    let pairs = metric.dependsOnLoad ? onOneMachine.filter(Self.hadTheSameShare) : onOneMachine
    row.excludedSeeds = measured.count - pairs.count
    fill(&row, with: pairs, limit: limit)
    guard let loss = row.loss, let tolerance = row.tolerance else {
      row.reason =
        measured.isEmpty
        ? "no seed with a value on both sides"
        : onOneMachine.isEmpty
          ? machineReason(measured)
          : "another share of the processor: other work on the machine, or the program itself waited"
      row.waited = !onOneMachine.isEmpty
      return row
    }
    let minded = max(tolerance * (1 + 1e-9), spread ?? 0)
    row.verdict = loss > minded ? .worse : -loss > minded ? .better : .withinTolerance
    return row
  }

  /// The limit of the processor time that a limit of the time or speed comes to: waiting does not move it.
  func processorLimit(for limit: ComparisonPolicy.Limit) -> ComparisonPolicy.Limit {
    guard case .absolute(let value) = limit.tolerance else { return .init(.cpuSeconds, limit.tolerance) }
    return .init(.cpuSeconds, .relative(value / mean(baseline.trials.compactMap { $0.values[limit.metric] })))
  }

  // MARK: Rows

  private func measured(_ metric: ComparedMetric) -> [Match] {
    matches.filter { $0.before.values[metric] != nil && $0.after.values[metric] != nil }
  }

  /// `nil` where there is nothing to compare.
  private func startedRow(_ metric: ComparedMetric) -> ComparisonRow? {
    guard candidate != nil, !hasOtherData, !matches.isEmpty else { return nil }
    return ComparisonRow(
      label: label, hash: baseline.hash, metric: metric, verdict: .notComparable,
      baselineSeeds: baseline.trials.count { $0.values[metric] != nil })
  }

  private func lackingRow(_ metric: ComparedMetric) -> ComparisonRow {
    let reason =
      candidate == nil
      ? "the candidate lacks it"
      : hasOtherData ? "other data" : sameRuns > 0 ? "the same runs on both sides" : "no common seed"
    return ComparisonRow(
      label: label, hash: baseline.hash, metric: metric, verdict: .notComparable, reason: reason)
  }

  private func fill(_ row: inout ComparisonRow, with pairs: [Match], limit: ComparisonPolicy.Limit) {
    let before = pairs.compactMap { $0.before.values[limit.metric] }
    let after = pairs.compactMap { $0.after.values[limit.metric] }
    guard !pairs.isEmpty else { return }
    row.seeds = pairs.map(\.before.seed)
    row.differences = zip(before, after).map { $1 - $0 }
    (row.baselineMean, row.candidateMean) = (mean(before), mean(after))
    row.tolerance = limit.tolerance.value(before)
  }

  /// Whether a trial had about as much of the processor on both sides: one that waited for other programs was slow for
  /// no reason of its own.
  private static func hadTheSameShare(_ pair: Match) -> Bool {
    func share(_ trial: StudyResults.Trial) -> Double? {
      guard let cpu = trial.values[.cpuSeconds], let wall = trial.values[.wallSeconds], wall > 0 else { return nil }
      return cpu / wall
    }
    guard let before = share(pair.before), let after = share(pair.after), min(before, after) > 0 else { return true }
    return max(before, after) <= 1.1 * min(before, after)
  }

  private func machineReason(_ pairs: [Match]) -> String {
    guard let before = pairs.first?.before.machine, let after = pairs.first?.after.machine else {
      return "it is not known where it ran"
    }
    if before.host != after.host { return "other host" }
    if (before.cpu, before.cores) != (after.cpu, after.cores) { return "other processor" }
    return before.workers != after.workers ? "other -j" : "other program"
  }
}
