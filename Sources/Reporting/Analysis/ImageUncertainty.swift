import Comparing
import Experiments
import Statistics

/// How far accuracies and their differences would move with other seeds and with other test images.
struct ImageUncertainty: Sendable {
  /// A configuration's accuracy, or the difference of two.
  struct Entry: Sendable {
    let first: ConfigurationAnalysis
    /// `nil` for the first one's accuracy by itself.
    let second: ConfigurationAnalysis?
    let value: Double
    /// The standard error that the choice of seeds leaves.
    let seedError: Double
    /// The standard error that the choice of test images leaves.
    let imageError: Double
    /// For both: all seeds and all such images.
    let interval: Interval
  }

  /// The configurations, best first, then their pairs.
  let entries: [Entry]
  /// The images that all of them answered.
  let images: Int
}

extension RankedStudy {
  /// For the configurations that finished with all seeds, where the store kept which images each trial got right;
  /// otherwise `nil`.
  func overTestImages(_ pairs: [PairComparison]) -> ImageUncertainty? {
    guard options.at == .last, metric.split == .test, metric.kind == .accuracy else { return nil }
    let rows = ranked.filter { isWhole[$0.index] && $0.scores.count > 1 }
    let shares = rows.map(\.hitShares)
    let complete = shares.compactMap { $0 }
    guard let images = complete.first?.count, complete.count == rows.count, complete.allSatisfy({ $0.count == images })
    else { return nil }
    func entry(
      _ first: Int, _ second: Int?, value: Double, errors: [Double?], runs: Interval?, ofAll count: Int
    ) -> ImageUncertainty.Entry? {
      guard let runs,
        let imageError = CrossedMeans.exampleError(complete[first], minus: second.map { complete[$0] })
      else { return nil }
      let interval = CrossedMeans.interval(value, runs: runs, exampleError: imageError, ofAll: count)
      return ImageUncertainty.Entry(
        first: rows[first], second: second.map { rows[$0] }, value: value,
        seedError: errors.reduce(0) { $0 + ($1 ?? 0) * ($1 ?? 0) }.squareRoot(), imageError: imageError,
        interval: interval.cut(to: second == nil ? metric.range : metric.differenceRange))
    }
    let single = rows.indices.compactMap { index in
      rows[index].score.flatMap { score in
        entry(
          index, nil, value: score.mean, errors: [score.standardError],
          runs: Interval.studentT(
            rows[index].orderedScores, confidence: options.confidence, resolution: rows[index].resolution), ofAll: 1)
      }
    }
    let differences = pairs.compactMap { pair -> ImageUncertainty.Entry? in
      guard let first = rows.firstIndex(where: { $0.index == pair.first.index }),
        let second = rows.firstIndex(where: { $0.index == pair.second.index })
      else { return nil }
      return entry(
        first, second, value: pair.difference,
        errors: [rows[first].score?.standardError, rows[second].score?.standardError],
        runs: pair.singleStepInterval, ofAll: pairs.count)
    }
    let entries = single + differences
    return entries.isEmpty ? nil : ImageUncertainty(entries: entries, images: images)
  }
}

extension ConfigurationAnalysis {
  /// The share of the replicates that got each test image right; `nil` where one of them kept no answers.
  fileprivate var hitShares: [Double]? {
    let masks = trials.filter { scores[$0.record.seed] != nil }.map(\.record.result?.hits)
    let kept = masks.compactMap { $0 }
    guard let images = kept.first?.count, kept.count == masks.count, kept.allSatisfy({ $0.count == images }) else {
      return nil
    }
    return (0..<images).map { image in Double(kept.count { $0[image] }) / Double(kept.count) }
  }
}
