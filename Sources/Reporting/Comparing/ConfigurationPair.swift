import Experiments
import Statistics

/// A configuration of the baseline and the same one of the candidate, where it has it.
struct ConfigurationPair {
  let baseline: StudyResults.Configuration
  let candidate: StudyResults.Configuration?
  private let matches: [(before: StudyResults.Trial, after: StudyResults.Trial)]
  private let hasOtherData: Bool

  /// Whether the candidate has another configuration of the same name.
  private let hasNamesake: Bool

  init(baseline: StudyResults.Configuration, candidate: StudyResults.Configuration?, namesakes: Set<String> = []) {
    (self.baseline, self.candidate) = (baseline, candidate)
    hasNamesake = namesakes.contains(baseline.label)
    let others = Dictionary((candidate?.trials ?? []).map { ($0.seed, $0) }) { first, _ in first }
    matches = baseline.trials.compactMap { before in others[before.seed].map { (before, $0) } }
    let digests = [baseline.dataDigest, candidate?.dataDigest ?? ""]
    hasOtherData = !digests.contains("") && digests[0] != digests[1]
  }

  private var label: String { candidate?.label ?? baseline.label }

  /// The baseline's trials that are missing or failed here.
  ///
  /// One that diverged is owed where it did not before: no number of it can be compared, and none is worse. One that
  /// failed before is not owed.
  var lost: [StudyComparison.LostTrial] {
    let others = Dictionary(matches.map { ($0.before.seed, $0.after) }) { first, _ in first }
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
      return StudyComparison.LostTrial(label: label, seed: before.seed, problem: problem)
    }
  }

  /// Why a configuration is missing: most often its grid was changed.
  private var missingText: String {
    hasNamesake
      ? "the configuration of this name has other settings now; if that was meant, save the baseline anew"
      : "the configuration is missing"
  }

  /// The row of a metric before it is tested, and its losses by seed where it is to be.
  func row(
    _ limit: ComparisonPolicy.Limit, confidence: Double
  ) -> (row: StudyComparison.Row, losses: [UInt64: Double]?) {
    let metric = limit.metric
    var row = StudyComparison.Row(
      label: label, hash: baseline.hash, metric: metric, verdict: .incomparable, tracesAreEqual: false,
      differences: [])
    guard candidate != nil else { return (with(row, "the candidate lacks it"), nil) }
    if hasOtherData { return (with(row, "other data"), nil) }
    if matches.isEmpty { return (with(row, "no common seed"), nil) }
    let measured = matches.filter { $0.before.values[metric] != nil && $0.after.values[metric] != nil }
    let onOneMachine = measured.filter { pair in
      !metric.dependsOnMachine || pair.before.machine != nil && pair.before.machine == pair.after.machine
    }
    let pairs = metric.dependsOnLoad ? onOneMachine.filter(Self.hadTheSameShare) : onOneMachine
    row.excludedSeeds = measured.count - pairs.count
    if pairs.count < onOneMachine.count {
      row.reason = "another share of the processor: other work on the machine, or the program itself waited"
    }
    let before = pairs.compactMap { $0.before.values[metric] }
    let after = pairs.compactMap { $0.after.values[metric] }
    row.differences = zip(before, after).map { $1 - $0 }
    row.tracesAreEqual = tracesAreEqual
    if !pairs.isEmpty {
      (row.baselineMean, row.candidateMean) = (mean(before), mean(after))
      row.tolerance = limit.tolerance.value(mean: mean(before))
      row.interval = Interval.studentT(row.differences, confidence: confidence)
    }
    if !metric.dependsOnMachine, tracesAreEqual {
      row.verdict = .same
      return (row, nil)
    }
    guard !onOneMachine.isEmpty else {
      return (with(row, measured.isEmpty ? "no seed with a value on both sides" : machineReason(measured)), nil)
    }
    row.verdict = .inconclusive
    if pairs.isEmpty { return (row, nil) }
    let losses = zip(pairs, row.differences).map { ($0.before.seed, metric.higherIsBetter ? -$1 : $1) }
    return (row, Dictionary(losses) { first, _ in first })
  }

  /// The limit of the processor time that a limit of the time or speed comes to: waiting does not move it.
  func processorLimit(for limit: ComparisonPolicy.Limit) -> ComparisonPolicy.Limit {
    guard case .absolute(let value) = limit.tolerance else { return .init(.cpuSeconds, limit.tolerance) }
    return .init(.cpuSeconds, .relative(value / mean(baseline.trials.compactMap { $0.values[limit.metric] })))
  }

  /// Whether a trial had about as much of the processor on both sides: one that waited for other programs was slow for
  /// no reason of its own, for all seeds alike, which no test over seeds can see.
  private static func hadTheSameShare(_ pair: (before: StudyResults.Trial, after: StudyResults.Trial)) -> Bool {
    func share(_ trial: StudyResults.Trial) -> Double? {
      guard let cpu = trial.values[.cpuSeconds], let wall = trial.values[.wallSeconds], wall > 0 else { return nil }
      return cpu / wall
    }
    guard let before = share(pair.before), let after = share(pair.after), min(before, after) > 0 else { return true }
    return max(before, after) <= 1.1 * min(before, after)
  }

  private func with(_ row: StudyComparison.Row, _ reason: String) -> StudyComparison.Row {
    var row = row
    row.reason = reason
    return row
  }

  /// Whether every trial that came to its end on both sides has the same trace.
  private var tracesAreEqual: Bool {
    let ended = matches.filter { $0.before.traceDigest != nil && $0.after.traceDigest != nil }
    return !ended.isEmpty && ended.allSatisfy { $0.before.traceDigest == $0.after.traceDigest }
  }

  private func machineReason(_ pairs: [(before: StudyResults.Trial, after: StudyResults.Trial)]) -> String {
    guard let before = pairs.first?.before.machine, let after = pairs.first?.after.machine else {
      return "it is not known where it ran"
    }
    if before.host != after.host { return "other host" }
    if (before.cpu, before.cores) != (after.cpu, after.cores) { return "other processor" }
    return before.workers != after.workers ? "other -j" : "other program"
  }
}
