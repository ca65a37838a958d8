import Comparing
import Experiments
import Presentation
import Statistics

extension RankedStudy {
  /// Sentences that a reader must know before believing the tables.
  func caveats(_ imageUncertainty: ImageUncertainty?) -> [String] {
    var caveats: [String] = []
    if configurations.count < wholeCount {
      caveats.append(
        "Shown: \(NumberText.count(configurations.count)) of the study's \(NumberText.count(wholeCount)) configurations. "
          + "p is corrected over these alone, which is right only where they were chosen before their results were seen."
      )
    }
    let scored = configurations.filter { $0.score != nil }
    if scored.isEmpty { return caveats + ["No trial has a score yet."] + stateCaveats }
    let most = scored.map(\.finished).max() ?? 0
    let fewest = MeanComparisons.fewestValues
    if most == 1 {
      caveats.append("One seed: there is no spread and no test. A second run may rank the configurations otherwise.")
    } else if most < fewest, scored.count > 1 {
      caveats.append(
        "\(most) seeds: nothing is tested, and \"?\" stands where p would; that takes \(fewest) seeds at least.")
    }
    let repeated = configurations.filter { !$0.repeatedSeeds.isEmpty }
    if let first = repeated.first, let seed = first.repeatedSeeds.first {
      caveats.append(
        "Seeds whose trials are equal to the last bit are not replicates and count once: \(first.label), seed \(seed)"
          + (repeated.count > 1 ? ", and \(NumberText.count(repeated.count - 1)) more configurations." : "."))
    }
    let parts = configurations.filter { $0.score != nil && !isWhole[$0.index] }
    let (lost, unfinished) = (parts.filter { $0.lost > 0 }, parts.filter { $0.lost == 0 })
    func names(_ rows: [ConfigurationAnalysis]) -> String {
      listed(rows.map { "\($0.label) (\($0.finishedText))" }, limit: 5, separator: "; ")
    }
    if !parts.isEmpty, best == nil, scored.count > 1 {
      caveats.append(
        "Nothing is compared, because fewer than two configurations finished with all of their seeds: \(names(parts)) did "
          + "not.")
    } else {
      if !lost.isEmpty {
        caveats.append(
          "Not compared and ranked last, because some of their seeds diverged or failed: \(names(lost)). The mean of the "
            + "seeds that survived looks better than the configuration is.")
      }
      if !unfinished.isEmpty {
        caveats.append(
          "Not compared and ranked last, because they have fewer seeds so far, or fewer that differ, than the others: "
            + "\(names(unfinished)).")
      }
    }
    let withoutHits = scored.filter { row in
      row.trials.contains { row.scores[$0.record.seed] != nil && $0.record.result?.hits == nil }
    }
    if imageUncertainty == nil, !withoutHits.isEmpty, withoutHits.count < scored.count {
      caveats.append(
        "What other test images would change is not shown, because trials of an older program kept no answers: "
          + "\(listed(withoutHits.map(\.label), limit: 5, separator: "; ")).")
    }
    caveats += scored.compactMap(unstable)
    if options.at == .best, !choosesOnValidation {
      caveats.append(
        "The best evaluation was chosen on the test examples themselves, which flatters every configuration.")
    }
    return caveats + stateCaveats + libraryCaveats + [HostSpeeds(record).caveat].compactMap(\.self) + loadCaveats
  }

  /// The caveat of a configuration with seeds that lie far off.
  private func unstable(_ row: ConfigurationAnalysis) -> String? {
    guard let score = row.score, !row.farSeeds.isEmpty else { return nil }
    let seeds = listed(row.farSeeds.map { "\($0)" }, limit: 6)
    return
      "\(row.label): \(row.farSeeds.count == 1 ? "seed" : "seeds") \(seeds) ended far from the others, so its mean and "
      + "interval describe no run; its median is \(metric.text(score.median))."
  }

  /// The last bits of some networks follow the kernels of the matrix library.
  private var libraryCaveats: [String] {
    let (names, mixed) = (record.libraries.names, record.libraries.mixedTrials)
    guard names.count > 1 else { return [] }
    let mixture =
      mixed == 0
      ? ""
      : " \(counted(mixed, "trial")) went on under one from where another had come to, so "
        + "that neither gives the same numbers again."
    return [
      "Trials ran with \(NumberText.count(names.count)) kinds of BLAS, which round differently: \(listed(names, limit: 5, separator: "; "))."
        + mixture
    ]
  }

  /// A trial that had to wait for the processor says little of its network's speed; nor does one of less than a second.
  private var loadCaveats: [String] {
    let shares = configurations.flatMap(\.trials).filter { $0.score != nil }.compactMap { trial -> Double? in
      guard let result = trial.record.result, result.wallSeconds >= 1, result.cpuSeconds > 0 else { return nil }
      return result.cpuSeconds / result.wallSeconds
    }
    guard let median = Summary(shares)?.median, median < 0.8 else { return [] }
    return [
      "Trials waited for the processor (other work, or more workers than cores): half of them had no more than "
        + "\(NumberText.fixed(median * 100, 0)) % of one, so the times and speeds say little."
    ]
  }

  private var stateCaveats: [String] {
    var caveats: [String] = []
    let unfinished = [TrialState.planned, .running, .cancelled, .stale].map { (count($0), $0.rawValue) }
      .filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    if !unfinished.isEmpty {
      caveats.append(
        "The study is not complete: of \(NumberText.count(trialCount)) trials \(unfinished.joined(separator: ", ")).")
    }
    let lost = [TrialState.diverged, .failed].map { (count($0), $0.rawValue) }
      .filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }
    if !lost.isEmpty {
      caveats.append(
        "Of \(NumberText.count(trialCount)) trials \(lost.joined(separator: " and ")): they have no score, and count against their "
          + "configuration in the ranking.")
    }
    if case .iteration(let iteration) = options.at {
      let without = configurations.reduce(0) { sum, row in
        sum + row.trials.count { $0.record.state == .done && $0.score == nil }
      }
      if without > 0 {
        caveats.append(
          "\(NumberText.count(without)) trials were not evaluated at iteration \(NumberText.count(iteration)).")
      }
    }
    return caveats
  }
}
