import Architectures
import Kernels
import TestSupport
import Testing

@testable import NeuralNetwork

/// What scores beside loss and accuracy say, against scikit-learn's numbers and a naive version.
@Suite struct ScoreTallyTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let name: String
    let classes: Int
    let outputs: [Float]
    let labels: [Int]
    let scores: [String: Double]
  }

  /// The scores of outputs, example after example.
  private func scores(
    _ scores: [ClassificationScore], classes: Int, _ outputs: [Float], _ labels: [Int]
  ) -> [ClassificationScore: Double] {
    var tally = ScoreTally(scores, classes: classes)
    var guesses = [Int32](repeating: 0, count: labels.count)
    largestIndices(rows: labels.count, classes: classes, outputs, into: &guesses)
    outputs.withUnsafeBufferPointer { outputs in
      guard let start = outputs.baseAddress else { return }
      for (index, truth) in labels.enumerated() {
        tally.add(truth: truth, guess: Int(guesses[index]), start + index * classes)
      }
    }
    return tally.values
  }

  @Test func scoresAreThoseOfScikitLearn() throws {
    let cases = try (Fixtures.json("scores.json") as Manifest).cases
    #expect(cases.count == 9)
    for entry in cases {
      let asked = entry.scores.keys.sorted().compactMap { ClassificationScore($0) }
      #expect(asked.count == entry.scores.count)
      let found = scores(asked, classes: entry.classes, entry.outputs, entry.labels)
      for (name, expected) in entry.scores {
        let value = try #require(ClassificationScore(name).flatMap { found[$0] })
        // Probabilities are rounded to Float here, and the counts are exact.
        let tolerance = name == "expected_calibration_error" ? 1e-6 : 1e-14
        #expect(abs(value - expected) <= tolerance, "\(entry.name): \(name) is \(value), there \(expected)")
      }
    }
  }

  @Test func scoresAreThoseOfANaiveVersion() {
    for seed in 0..<60 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let classes = Int.random(in: 2...12, using: &generator)
      let count = Int.random(in: 1...80, using: &generator)
      // Whole numbers, so that many outputs are equal.
      let outputs = (0..<count * classes).map { _ in Float(Int.random(in: -3...3, using: &generator)) }
      let labels = (0..<count).map { _ in Int.random(in: 0..<max(1, classes - 2), using: &generator) }
      let tops = (2..<max(3, classes)).map { ClassificationScore.topAccuracy($0) }
      let found = scores(
        tops + [.macroF1, .balancedAccuracy, .expectedCalibrationError], classes: classes, outputs, labels)
      let naive = NaiveScores(classes: classes, outputs: outputs.map(Double.init), labels: labels)
      for (score, value) in found {
        let expected = naive.value(of: score)
        #expect(abs(value - expected) < 1e-6, "seed \(seed): \(score.name) is \(value), naively \(expected)")
      }
    }
  }

  @Test func aTopAccuracyIsNeverBelowTheAccuracy() throws {
    // A network that answers the same to all has equal outputs: the accuracy counts the first class, and so must these.
    let labels = [0, 0, 0, 3]
    let found = scores([.topAccuracy(2)], classes: 4, [Float](repeating: 1, count: 16), labels)
    #expect(found == [.topAccuracy(2): 0.75])
    // NaN is the largest output, as for the accuracy.
    let lost = scores(
      [.topAccuracy(2), .expectedCalibrationError], classes: 3, [0, .nan, 1, 5, 6, 7], [2, 0])
    #expect(lost[.topAccuracy(2)] == 0.5)
    #expect(try #require(lost[.expectedCalibrationError]).isNaN)
  }

  @Test func aBinHasItsUpperEdge() {
    // A third is 5/15: the fifth bin, whose other member makes it right on average.
    let third: [Float] = [0, 0, 0]
    let certain: [Float] = [100, 0, 0]
    // Two of three sure answers are right: 1/3 of them away, in a bin of their own.
    let found = scores([.expectedCalibrationError], classes: 3, certain + certain + certain, [0, 0, 1])
    #expect(abs((found[.expectedCalibrationError] ?? 0) - 1 / 3) < 1e-12)
    // One of three equal outputs is right: none away.
    let even = scores([.expectedCalibrationError], classes: 3, third + third + third, [0, 1, 2])
    #expect((even[.expectedCalibrationError] ?? 1) < 1e-12)
  }

  @Test func nothingHasNoScore() {
    let found = ScoreTally([.macroF1, .expectedCalibrationError], classes: 3).values
    #expect(found.count == 2 && found.values.allSatisfy(\.isNaN))
  }

  @Test func namesAreReadBack() {
    let scores: [ClassificationScore] = [
      .topAccuracy(2), .topAccuracy(1_000), .macroF1, .balancedAccuracy, .expectedCalibrationError,
    ]
    for score in scores { #expect(ClassificationScore(score.name) == score) }
    for name in ["top_1_accuracy", "top_05_accuracy", "top_1001_accuracy", "top__accuracy", "top_accuracy", "f1", ""] {
      #expect(ClassificationScore(name) == nil, "\(name)")
    }
  }
}

/// The scores as their definitions say them, in Double, without a thought of speed.
private struct NaiveScores {
  let classes: Int
  let outputs: [Double]
  let labels: [Int]

  private func row(_ index: Int) -> [Double] { Array(outputs[index * classes..<(index + 1) * classes]) }

  /// Classes from the largest output down, the earlier of equal ones first.
  private func order(_ index: Int) -> [Int] {
    let row = row(index)
    return (0..<classes).sorted { row[$0] == row[$1] ? $0 < $1 : row[$0] > row[$1] }
  }

  private var guesses: [Int] { labels.indices.map { order($0)[0] } }

  func value(of score: ClassificationScore) -> Double {
    let pairs = Array(zip(labels, guesses))
    switch score {
    case .topAccuracy(let count):
      let hits = labels.indices.filter { order($0).prefix(count).contains(labels[$0]) }
      return Double(hits.count) / Double(labels.count)
    case .macroF1:
      let occurring = Set(labels).union(guesses)
      let values = occurring.map { one -> Double in
        let right = Double(pairs.count { $0.0 == one && $0.1 == one })
        let (guessed, there) = (Double(pairs.count { $0.1 == one }), Double(pairs.count { $0.0 == one }))
        let (precision, recall) = (guessed > 0 ? right / guessed : 0, there > 0 ? right / there : 0)
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
      }
      return values.reduce(0, +) / Double(values.count)
    case .balancedAccuracy:
      let values = Set(labels).map { one -> Double in
        let own = pairs.filter { $0.0 == one }
        return Double(own.count { $0.1 == one }) / Double(own.count)
      }
      return values.reduce(0, +) / Double(values.count)
    case .expectedCalibrationError:
      var error = 0.0
      let probabilities = labels.indices.map { index -> Double in
        let row = row(index)
        return 1 / row.reduce(0) { $0 + exponential($1 - (row.max() ?? 0)) }
      }
      for bin in 1...15 {
        let held = labels.indices.filter {
          probabilities[$0] > Double(bin - 1) / 15 && probabilities[$0] <= Double(bin) / 15
        }
        guard !held.isEmpty else { continue }
        let right = Double(held.count { guesses[$0] == labels[$0] }) / Double(held.count)
        let mean = held.reduce(0) { $0 + probabilities[$1] } / Double(held.count)
        error += Double(held.count) / Double(labels.count) * abs(right - mean)
      }
      return error
    }
  }

  /// eˣ by its series, of a number that is not above 0.
  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for index in 1...60 {
      term *= -x / Double(index)
      sum += term
    }
    return 1 / sum
  }
}
