import Presentation

/// A score of the answers to examples with classes that is taken beside loss and accuracy, under its name in grids.
package enum ClassificationScore: Hashable, Sendable {
  /// The share of examples whose class is among so many largest outputs: `top_5_accuracy`.
  case topAccuracy(Int)
  /// The mean over the classes of F₁, the harmonic mean of precision and recall.
  case macroF1
  /// The mean over the classes of the share of its examples that were recognised.
  case balancedAccuracy
  /// How far the probability of the guessed class lies from the share of right guesses, on average.
  case expectedCalibrationError

  /// How many largest outputs a top-k accuracy can look at.
  package static let topCounts = 2...1_000

  /// Names as examples: what a grid may say, with one number for all of ``topAccuracy(_:)``.
  package static let exampleNames = ["top_5_accuracy"] + others.map(\.name)

  private static let others: [ClassificationScore] = [.macroF1, .balancedAccuracy, .expectedCalibrationError]

  /// The score of a name; `nil` where there is none.
  package init?(_ name: String) {
    if let score = Self.others.first(where: { $0.name == name }) {
      self = score
      return
    }
    guard name.hasPrefix("top_"), name.hasSuffix("_accuracy"), let count = Int(name.dropFirst(4).dropLast(9)),
      Self.topCounts.contains(count), Self.topAccuracy(count).name == name
    else { return nil }
    self = .topAccuracy(count)
  }

  /// The name in grids, stores and files.
  package var name: String {
    switch self {
    case .topAccuracy(let count): "top_\(count)_accuracy"
    case .macroF1: "f1_macro"
    case .balancedAccuracy: "balanced_accuracy"
    case .expectedCalibrationError: "expected_calibration_error"
    }
  }

  /// The name in sentences and over columns: `top-5 accuracy`.
  package var title: String {
    switch self {
    case .topAccuracy(let count): "top-\(count) accuracy"
    case .macroF1: "macro F1"
    case .balancedAccuracy: "balanced accuracy"
    case .expectedCalibrationError: "expected calibration error"
    }
  }

  /// What the number is, as sentences for people.
  package var documentation: String {
    switch self {
    case .topAccuracy(let count):
      "The share of examples whose class is among the \(count) largest outputs; of equal outputs the earlier class counts as "
        + "larger, as for the accuracy."
    case .macroF1:
      "The mean of F1 over the classes that occur as labels or as guesses: scikit-learn's f1_score(average=\"macro\", "
        + "zero_division=0)."
    case .balancedAccuracy:
      "The mean over the classes of the share of its examples that were recognised, classes without an example left out: "
        + "scikit-learn's balanced_accuracy_score."
    case .expectedCalibrationError:
      "The mean distance between the probability of the guessed class and the share of right guesses, over 15 bins of equal "
        + "width (Guo et al. 2017). Lower is better."
    }
  }

  /// Whether a larger value is the better one. All lie in [0, 1].
  package var higherIsBetter: Bool { self != .expectedCalibrationError }

  /// Whether it takes the outputs for logits or logarithms of probabilities.
  package var needsProbabilities: Bool { self == .expectedCalibrationError }

  /// Why it can't be taken of a network with so many classes and this loss; `nil` where it can.
  package func fault(classes: Int, loss: Loss) -> String? {
    if case .topAccuracy(let count) = self, count >= classes {
      return
        "\(name) is 1 whatever the network answers: there are \(classes) classes; expected a number below \(classes)"
    }
    if needsProbabilities, loss.comparesValues {
      return
        "\(name) needs the probabilities of classes, which a network that is trained with the loss \(loss.name) does "
        + "not give; expected the loss cross_entropy or nll"
    }
    return nil
  }
}

extension ClassificationScore: Comparable {
  /// By name.
  package static func < (one: ClassificationScore, other: ClassificationScore) -> Bool { one.name < other.name }
}

extension ClassificationScore: RawRepresentable, Codable, CodingKeyRepresentable {
  package init?(rawValue: String) { self.init(rawValue) }

  package var rawValue: String { name }
}
