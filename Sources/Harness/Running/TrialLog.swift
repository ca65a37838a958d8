import Experiments
import Foundation
import Presentation

/// The last lines of a trial's log, kept beside its error when it fails.
struct TrialLog {
  private static let length = 20
  private var lines: [String] = []
  /// The last loss; it changes too often for a line of its own.
  private var lastLoss: (iteration: Int, loss: Float)?
  private let startedAt = Date.now

  /// Adds a line, and forgets the oldest.
  mutating func note(_ line: String) {
    let seconds = NumberText.fixed(Date.now.timeIntervalSince(startedAt), 2)
    lines.append("\(TerminalText.right(seconds, 8)) s  \(line)")
    if lines.count > Self.length { lines.removeFirst() }
  }

  /// Adds an event of the trial.
  mutating func take(_ event: TrialEvent) {
    switch event {
    case .batchLosses(let first, let losses):
      if let loss = losses.last { lastLoss = (first + losses.count - 1, loss) }
    case .learningRates: break
    case .evaluation(let evaluation):
      let scores = [("validation", evaluation.validation), ("test", evaluation.test)].compactMap { name, score in
        score.map {
          "\(name) loss \($0.loss)" + ($0.accuracy.map { ", accuracy \($0)" } ?? "")
            + $0.metrics.sorted { $0.key < $1.key }.map { ", \($0.key.title) \($0.value)" }.joined()
        }
      }
      note("iteration \(evaluation.iteration): train loss \(evaluation.trainLoss), \(scores.joined(separator: ", "))")
    }
  }

  /// The lines, oldest first, and the last loss.
  var tail: String {
    let loss = lastLoss.map { ["last loss: \($0.loss) at iteration \($0.iteration)"] } ?? []
    return (lines + loss).joined(separator: "\n")
  }
}
