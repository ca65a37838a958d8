import Architectures
import Experiments
import Presentation
import Statistics

/// The metrics of a comparison with their tolerances, and its error rate.
package struct ComparisonPolicy: Sendable, Hashable {
  /// The size of a loss that is tolerated.
  package enum Tolerance: Sendable, Hashable {
    /// So much, in the metric's own unit.
    case absolute(Double)
    /// This share of the median of the baseline's seeds, which one exploded seed does not move.
    case relative(Double)

    /// The tolerated loss where the baseline's seeds have these values.
    func value(_ baseline: [Double]) -> Double {
      switch self {
      case .absolute(let value): value
      case .relative(let share): share * abs(quantile(0.5, of: baseline))
      }
    }

    /// `0.005`, `10%`
    package var text: String {
      switch self {
      case .absolute(let value): NumberText.exact(value)
      case .relative(let share): "\(NumberText.exact((share * 1e10).rounded() / 1e8))%"
      }
    }
  }

  /// A metric with its tolerance.
  package struct Limit: Sendable, Hashable {
    /// The metric.
    package var metric: ComparedMetric
    /// Its tolerance.
    package var tolerance: Tolerance

    /// Creates a limit.
    package init(_ metric: ComparedMetric, _ tolerance: Tolerance) {
      (self.metric, self.tolerance) = (metric, tolerance)
    }
  }

  /// The metrics that are compared; without any score or loss, ``standardLimit(for:)`` too. Times only where they are named here.
  package var limits: [Limit]
  /// How often any row's lower bound of the loss may be too high, or any upper bound too low: the share of nights with a
  /// false alarm.
  package var alpha: Double
  /// Whether it fails where it can't tell.
  package var isStrict: Bool

  /// Creates a policy.
  package init(limits: [Limit] = [], alpha: Double = 0.05, isStrict: Bool = false) {
    (self.limits, self.alpha, self.isStrict) = (limits, alpha, isStrict)
  }

  /// Half a point of test accuracy, or a twentieth of the test loss where there are no accuracies.
  package static func standardLimit(for baseline: StudyResults) -> Limit {
    let hasAccuracy = baseline.configurations.contains { $0.trials.contains { $0.values[.testAccuracy] != nil } }
    return hasAccuracy ? Limit(.testAccuracy, .absolute(0.005)) : Limit(.testLoss, .relative(0.05))
  }

  /// Puts a limit in the place of the metric's old one, or behind the others.
  package mutating func set(_ limit: Limit) {
    if let index = limits.firstIndex(where: { $0.metric == limit.metric }) {
      limits[index] = limit
    } else {
      limits.append(limit)
    }
  }
}

/// An error in a policy: the place, the finding, the allowed values.
package struct PolicyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The whole of it.
  package let description: String
}

extension ComparisonPolicy.Limit {
  /// Reads `test_accuracy` and `0.005` or `10%`.
  package init(metric name: String, tolerance text: String) throws(PolicyError) {
    // A score's name alone means that of the test examples.
    guard let metric = ComparedMetric(rawValue: name) ?? ClassificationScore(name).map({ .score(.test, $0) })
    else {
      let known = ComparedMetric.allCases.map(\.rawValue)
      let scores = ClassificationScore.exampleNames.flatMap { [$0, "test_\($0)", "validation_\($0)"] }
      throw PolicyError(
        description:
          "\(quoted(name)) is not a metric; expected one of \(known.joined(separator: ", ")), or one of the grid's "
          + "metrics, such as f1_macro or validation_f1_macro\(suggestion(for: name, among: known + scores))")
    }
    let isShare = text.hasSuffix("%")
    guard let value = Double(isShare ? String(text.dropLast()) : text), value.isFinite, value >= 0 else {
      throw PolicyError(
        description: "the tolerance of \(name) is \(quoted(text)); expected a number from 0 on, such as "
          + "0.005, or a share of the baseline's value, such as 10%")
    }
    if metric.isShare, !isShare, value >= 0.2 {
      let noun =
        if case .score(_, let score) = metric { (one: score.title, all: "it lies") } else {
          (one: "accuracy", all: "accuracies lie")
        }
      throw PolicyError(
        description:
          "the tolerance of \(name) is \(text), which are \(NumberText.exact(value * 100)) points of \(noun.one) and "
          + "would let almost any loss pass; \(noun.all) in [0, 1]: half a point is 0.005")
    }
    self.init(metric, isShare ? .relative(value / 100) : .absolute(value))
  }

  /// Reads `test_accuracy=0.005,images_per_second=10%`.
  package static func list(_ text: String) throws(PolicyError) -> [ComparisonPolicy.Limit] {
    var limits: [ComparisonPolicy.Limit] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw PolicyError(
          description: "\(quoted(text)): expected METRIC=TOLERANCE, such as test_accuracy=0.005")
      }
      let texts = sides.map { String($0.withoutSpacesAround) }
      limits.append(try ComparisonPolicy.Limit(metric: texts[0], tolerance: texts[1]))
    }
    return limits
  }
}

extension ComparisonPolicy {
  /// Reads a policy file: `{"tolerance": {"test_accuracy": 0.005, "images_per_second": "10%"}, "alpha": 0.05,
  /// "strict": false}`, each key optional.
  package init(json text: String) throws(PolicyError) {
    self.init()
    var reader = JSONReader(Array(text.utf8))
    let root: JSONValue
    do {
      root = try reader.read().value
    } catch {
      throw PolicyError(description: "line \(error.position.line), column \(error.position.column): \(error.message)")
    }
    guard case .object(let members) = root else { throw PolicyError(description: "expected an object") }
    for member in members {
      switch (member.key, member.value) {
      case ("tolerance", .object(let tolerances)):
        for entry in tolerances {
          guard let text = entry.value.string ?? entry.value.double.map({ NumberText.exact($0) }) else {
            throw PolicyError(description: "tolerance.\(entry.key) is neither a number nor a text such as \"10%\"")
          }
          set(try Limit(metric: entry.key, tolerance: text))
        }
      case ("alpha", .number(let number)) where number.double > 0 && number.double < 0.5: alpha = number.double
      case ("strict", .bool(let value)): isStrict = value
      case ("tolerance", _), ("alpha", _), ("strict", _):
        let expected = ["tolerance": "an object", "alpha": "a number between 0 and 0.5", "strict": "true or false"]
        throw PolicyError(
          description: "\(member.key) is \(PlainText.shortened(member.value.compactText, to: 40)); expected "
            + (expected[member.key] ?? ""))
      default:
        throw PolicyError(
          description:
            "\(quoted(member.key, limit: 40)) is not a key of a policy; expected tolerance, alpha or strict"
        )
      }
    }
  }
}
