import Experiments
import GRDB

/// A trial's last and best evaluation, kept while it runs.
///
/// *Best* is chosen on the validation examples where there are any, otherwise on the test examples: by accuracy where
/// it was measured, otherwise by loss. The first of equals is the best; NaN never is.
struct TrialSummary {
  private(set) var last: Evaluation?
  private(set) var best: Evaluation?

  /// The summary of nothing.
  init() {}

  /// The summary as it is stored, as far as it takes to go on with it: what is better than the best.
  init(of trial: Int64, in database: Database) throws {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT * FROM summary WHERE trial_id = ? AND best_iteration IS NOT NULL"),
      arguments: [trial])
    guard let row else { return }
    func score(_ split: String) -> Score? {
      let (loss, accuracy): (Double?, Double?) = (row["best_\(split)_loss"], row["best_\(split)_accuracy"])
      return loss == nil && accuracy == nil ? nil : Score(loss: loss ?? .nan, accuracy: accuracy)
    }
    best = Evaluation(
      iteration: row["best_iteration"], epoch: 0, trainLoss: .nan, validation: score("validation"), test: score("test"))
  }

  mutating func add(_ evaluation: Evaluation) {
    last = evaluation
    guard let merit = evaluation.merit else { return }
    guard let bestMerit = best?.merit, merit <= bestMerit else { return best = evaluation }
  }

  /// Writes the summary, or removes it where there is nothing to sum up.
  func save(for trial: Int64, in database: Database) throws {
    guard let last else {
      try database.execute(sql: "DELETE FROM summary WHERE trial_id = ?", arguments: [trial])
      return
    }
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(
        arguments: [
          trial, last.iteration, last.trainLoss, last.validation?.loss, last.validation?.accuracy, last.test?.loss,
          last.test?.accuracy, best.map { $0.validation == nil ? "test" : "validation" }, best?.iteration,
          best?.validation?.loss, best?.validation?.accuracy, best?.test?.loss, best?.test?.accuracy,
        ])
  }
}

extension Evaluation {
  /// What a better evaluation has more of; `nil` where it says nothing.
  fileprivate var merit: Double? {
    guard let score = validation ?? test else { return nil }
    let merit = score.accuracy ?? -score.loss
    return merit.isNaN ? nil : merit
  }
}
