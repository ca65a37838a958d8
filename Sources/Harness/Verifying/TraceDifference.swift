import Experiments

/// Where a stored trace and a new one first part.
package struct TraceDifference: Sendable {
  /// A difference of two traces.
  package struct Point: Sendable, Hashable, CustomStringConvertible {
    /// The iteration, from 1.
    package let iteration: Int
    /// The number that differs, then and now, in words.
    package let text: String

    package var description: String { "first difference at iteration \(iteration): \(text)" }
  }

  /// The first difference; `nil` where there is none.
  ///
  /// Stored losses may have been thinned: those that are there are looked at.
  let first: Point?

  /// Compares two traces.
  init(storedLosses: [LossPoint], storedEvaluations: [Evaluation], losses: [Float], evaluations: [Evaluation]) {
    var differences: [(iteration: Int, text: String)] = []
    if let loss = Self.firstLoss(storedLosses, losses) { differences.append(loss) }
    if let score = Self.firstScore(storedEvaluations, evaluations) { differences.append(score) }
    // Of one iteration the loss comes first.
    first = differences.enumerated().min { ($0.element.iteration, $0.offset) < ($1.element.iteration, $1.offset) }
      .map { Point(iteration: $0.element.iteration, text: $0.element.text) }
  }

  private static func firstLoss(_ stored: [LossPoint], _ losses: [Float]) -> (Int, String)? {
    for point in stored {
      guard losses.indices.contains(point.iteration - 1) else {
        return (point.iteration, "the batch loss is stored, but training ends before it now")
      }
      let (then, now) = (Float(point.loss), losses[point.iteration - 1])
      // The store keeps no bits of a NaN and no sign of a zero.
      if then != now, !(then.isNaN && now.isNaN) {
        return (point.iteration, "the batch loss is \(now) now, stored is \(then)")
      }
    }
    return nil
  }

  private static func firstScore(_ stored: [Evaluation], _ evaluations: [Evaluation]) -> (Int, String)? {
    for (then, now) in zip(stored, evaluations) {
      let iteration = then.iteration
      if then.iteration != now.iteration {
        return (min(then.iteration, now.iteration), "the evaluations are not at the same iterations")
      }
      let pairs =
        [
          ("mean training loss", then.trainLoss, now.trainLoss),
          ("validation loss", then.validation?.loss, now.validation?.loss),
          ("validation accuracy", then.validation?.accuracy, now.validation?.accuracy),
          ("test loss", then.test?.loss, now.test?.loss), ("test accuracy", then.test?.accuracy, now.test?.accuracy),
        ] + metrics(then, now)
      for (name, then, now) in pairs where !isSame(then, now) {
        return (iteration, "the \(name) is \(text(now)) now, stored is \(text(then))")
      }
    }
    if stored.count != evaluations.count {
      let iteration = (stored.count < evaluations.count ? evaluations : stored)[min(stored.count, evaluations.count)]
        .iteration
      return (iteration, "\(stored.count) evaluations are stored, \(evaluations.count) were made now")
    }
    return nil
  }

  /// What was scored beside loss and accuracy, then and now.
  private static func metrics(_ then: Evaluation, _ now: Evaluation) -> [(String, Double?, Double?)] {
    ScoredSplit.allCases.flatMap { split in
      let (old, new) = (then[split]?.metrics ?? [:], now[split]?.metrics ?? [:])
      return Set(old.keys).union(new.keys).sorted().map { ("\(split.rawValue) \($0.title)", old[$0], new[$0]) }
    }
  }

  private static func isSame(_ one: Double?, _ other: Double?) -> Bool {
    one == other || (one?.isNaN == true && other?.isNaN == true)
  }

  private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "none" }
}
