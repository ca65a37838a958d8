import Architectures
import Kernels

/// What scores beside loss and accuracy are made of, added up answer by answer.
package struct ScoreTally: Sendable {
  /// The bins of equal width into which a calibration error sorts probabilities.
  static let bins = 15

  private let scores: [ClassificationScore]
  private let topCounts: [Int]
  private let looksAtProbabilities: Bool
  private let classes: Int
  private var count = 0
  /// Counts by `[truth · classes + guess]`.
  private var confusion: [Int]
  /// Examples whose class is among the largest outputs, for each of ``topCounts``.
  private var topHits: [Int]
  /// Right guesses, and the sum of their probabilities, by bin.
  private var right = [Int](repeating: 0, count: bins)
  private var probability = [Double](repeating: 0, count: bins)

  /// A tally of nothing yet.
  package init(_ scores: [ClassificationScore], classes: Int) {
    (self.scores, self.classes) = (scores, classes)
    topCounts = scores.compactMap { if case .topAccuracy(let count) = $0 { count } else { nil } }
    topHits = topCounts.map { _ in 0 }
    looksAtProbabilities = scores.contains(where: \.needsProbabilities)
    confusion = [Int](repeating: 0, count: classes * classes)
  }

  /// Adds the answer to an example: the network's outputs, one for each class.
  mutating func add(truth: Int, guess: Int, _ outputs: UnsafePointer<Float>) {
    count += 1
    confusion[truth * classes + guess] += 1
    if !topCounts.isEmpty {
      let rank = rank(of: truth, classes: classes, outputs)
      for (place, top) in topCounts.enumerated() where rank < top { topHits[place] += 1 }
    }
    guard looksAtProbabilities else { return }
    let value = largestProbability(classes: classes, outputs)
    // A bin has its upper edge and not its lower one. What is not a number makes the whole sum none.
    let bin = value.isNaN ? 0 : min(max(Int((value * Double(Self.bins)).rounded(.up)), 1), Self.bins) - 1
    probability[bin] += value
    if truth == guess { right[bin] += 1 }
  }

  /// Each score's value over all answers; NaN where there were none.
  package var values: [ClassificationScore: Double] {
    Dictionary(uniqueKeysWithValues: scores.map { ($0, value(of: $0)) })
  }

  private func value(of score: ClassificationScore) -> Double {
    guard count > 0 else { return .nan }
    switch score {
    case .topAccuracy(let top):
      return topCounts.firstIndex(of: top).map { Double(topHits[$0]) / Double(count) } ?? .nan
    case .macroF1:
      // F₁ = 2 · hits / (labels + guesses); a class that is neither label nor guess has none.
      return mean { truth in
        let sum = labels(truth) + guesses(truth)
        return sum > 0 ? 2 * Double(hits(truth)) / Double(sum) : nil
      }
    case .balancedAccuracy:
      return mean { truth in labels(truth) > 0 ? Double(hits(truth)) / Double(labels(truth)) : nil }
    case .expectedCalibrationError:
      // Σ n_b / n · |right_b / n_b − probability_b / n_b|: the size of a bin cancels.
      return zip(right, probability).reduce(0) { $0 + abs(Double($1.0) - $1.1) } / Double(count)
    }
  }

  private func hits(_ index: Int) -> Int { confusion[index * classes + index] }
  private func labels(_ index: Int) -> Int { (0..<classes).reduce(0) { $0 + confusion[index * classes + $1] } }
  private func guesses(_ index: Int) -> Int { (0..<classes).reduce(0) { $0 + confusion[$1 * classes + index] } }

  /// The mean over the classes that have a value.
  private func mean(_ value: (Int) -> Double?) -> Double {
    let values = (0..<classes).compactMap(value)
    return values.reduce(0, +) / Double(values.count)
  }
}
