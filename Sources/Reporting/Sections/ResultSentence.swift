import Comparing
import Experiments
import Presentation
import Statistics

/// The result of a study in a sentence or two.
enum ResultSentence {
  /// Up to this p a difference that is not shown is called close.
  private static let close = 0.2

  /// The best configuration, and how sure that is.
  static func text(_ analysis: StudyAnalysis) -> String {
    let metric = analysis.metric
    let scored = analysis.ranked.filter { $0.score != nil }
    guard let first = scored.first, let score = first.score else { return "No trial has a score yet." }
    if analysis.configurations.count == 1 { return "\(metric.name.capitalizedFirst): \(value(score, metric))." }
    guard let best = analysis.best, let mean = best.score?.mean else {
      return scored.count == 1
        ? "Only \(first.label) has a score so far: \(value(score, metric))."
        : "No configuration is called best: fewer than two finished with all of their seeds."
    }
    let others = analysis.ranked.filter { $0.comparison != nil }
    let superlative = metric.higherIsBetter ? "highest" : "lowest"
    let isPart = scored.contains { !analysis.isWhole[$0.index] }
    let lead =
      (isPart ? "Of those that finished with all seeds, " : "")
      + "\(best.label) has the \(superlative) \(metric.name), \(metric.text(mean))\(unit(metric))."
    guard analysis.familySize > 1 else {
      return lead + " With fewer than \(MeanComparisons.fewestValues) seeds nothing tells whether that is chance."
    }
    let worse = others.filter { ($0.comparison?.p ?? 1) <= analysis.options.alpha }
    let tied = others.filter { ($0.comparison?.p ?? 0) > analysis.options.alpha }
    var sentences = [lead]
    if tied.isEmpty, !worse.isEmpty {
      sentences = [
        (isPart ? "Of those that finished with all seeds, " : "")
          + "\(best.label) is best, with a \(metric.name) of \(metric.text(mean))\(unit(metric)): better than "
          + "\(losses(worse, analysis)) on these images."
      ]
    } else if !worse.isEmpty {
      sentences.append("It is better than \(losses(worse, analysis)) on these images.")
    }
    if !tied.isEmpty { sentences.append(undecided(tied, analysis)) }
    return sentences.joined(separator: " ")
  }

  private static func undecided(_ tied: [ConfigurationAnalysis], _ analysis: StudyAnalysis) -> String {
    if tied.count == 1, let row = tied.first, let comparison = row.comparison, let p = comparison.p {
      let difference = analysis.metric.difference(comparison.difference)
      let unit = analysis.metric.differenceUnit
      let start = "\(row.label) (\(difference)\(unit.isEmpty ? "" : " \(unit)"), p \(NumberText.p(p)))"
      if !row.farSeeds.isEmpty {
        return "\(start) is unstable: some of its seeds ended far from the others, and no test of its mean says much."
      }
      let isApart = analysis.pairs.contains {
        $0.second.index == row.index && $0.first.index == analysis.best?.index && $0.improvement?.probability == 1
      }
      if isApart {
        return "\(start) is not shown to have a lower mean, its runs differ too much; but each of them is worse than "
          + "every run of the best."
      }
      return "\(start) \(p <= close ? "is a close call" : "can't be told from it"): it is not shown to be worse, nor "
        + "shown to be as good."
    }
    return
      "Not shown to be worse, which is not the same as equally good: \(tied.count <= 4 ? joined(tied.map(\.label)) : listed(tied.map(\.label), limit: 3))."
  }

  /// `Model B by 3.78 points [3.31, 4.25]`, or how many there are.
  private static func losses(_ rows: [ConfigurationAnalysis], _ analysis: StudyAnalysis) -> String {
    let metric = analysis.metric
    guard rows.count <= 3 else { return "\(NumberText.count(rows.count)) of the others" }
    return joined(
      rows.map { row in
        guard let comparison = row.comparison else { return row.label }
        let sign = metric.higherIsBetter ? -1.0 : 1
        func text(_ value: Double) -> String { metric.difference(value).replacing("+", with: "") }
        // A bound of 0 is one that the test's steps decided: the difference is beyond it.
        let bounds = comparison.interval.map {
          [sign * $0.lower, sign * $0.upper].sorted().map { $0 == 0 ? "> 0" : text($0) }
        }
        let unit = metric.differenceUnit.isEmpty ? "" : " \(metric.differenceUnit)"
        return "\(row.label) by \(text(sign * comparison.difference))\(unit)"
          + (bounds.map { " [\($0[0]), \($0[1])]" } ?? "")
      })
  }

  private static func unit(_ metric: Metric) -> String {
    metric.kind == .accuracy ? " %" : metric.lossUnit.isEmpty ? "" : " \(metric.lossUnit)"
  }

  private static func value(_ score: Summary, _ metric: Metric) -> String {
    let unit = unit(metric)
    return score.count > 1
      ? "\(metric.text(score))\(unit) over \(score.count) seeds" : "\(metric.text(score.mean))\(unit), one seed"
  }
}
