import Experiments
import Statistics

extension StudyAnalysis {
  /// What a reader must know before believing the tables.
  var caveats: [String] {
    var caveats: [String] = []
    if configurations.count < wholeCount {
      caveats.append(
        "Shown: \(NumberText.count(configurations.count)) of the study's \(NumberText.count(wholeCount)) configurations. "
          + "p is corrected over these alone, which is right only where they were chosen before their results were seen."
      )
    }
    let counts = configurations.compactMap(\.score?.count)
    if counts.isEmpty { return caveats + ["No trial has a score yet."] + stateCaveats }
    let largest = counts.max() ?? 0
    if largest == 1 {
      caveats.append("One seed: there is no spread and no test. A second run may rank the configurations otherwise.")
    } else if !comparedSeeds.isEmpty, smallestP > options.alpha {
      let needed = Power.pairsToReach(alpha: options.alpha)
      caveats.append(
        "\(comparedSeeds.count) seeds: the smallest p that they can give is \(NumberText.p(smallestP)), so no "
          + "difference can be called one at \(NumberText.exact(options.alpha)); that takes \(needed) seeds.")
    }
    let compared = configurations.filter { $0.comparison != nil }.count
    let left = configurations.filter { $0.score != nil && $0.comparison == nil }
    if compared > 1, !left.isEmpty {
      caveats.append(
        "Not compared with the best, because a seed is missing: \(listed(left.map(\.label))). "
          + "What is missing may be missing for a reason.")
    }
    if options.at == .best, !choosesOnValidation {
      caveats.append(
        "The best evaluation was chosen on the test examples themselves, which flatters every configuration.")
    }
    return caveats + stateCaveats + loadCaveats
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
        "Of \(NumberText.count(trialCount)) trials \(lost.joined(separator: " and ")): they are not in the means.")
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

  /// At most five of the names.
  func listed(_ names: [String]) -> String {
    names.prefix(5).joined(separator: "; ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
