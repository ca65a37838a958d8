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
    func score(_ split: String) throws -> Score? {
      let loss: Double? = try row.get("best_\(split)_loss")
      let accuracy: Double? = try row.get("best_\(split)_accuracy")
      return loss == nil && accuracy == nil ? nil : Score(loss: loss ?? .nan, accuracy: accuracy)
    }
    best = try Evaluation(
      iteration: row.count("best_iteration"), epoch: 0, trainLoss: .nan, validation: score("validation"),
      test: score("test"))
  }

  mutating func add(_ evaluation: Evaluation) {
    last = evaluation
    guard let merit = evaluation.merit else { return }
    guard let bestMerit = best?.merit, merit <= bestMerit else { return best = evaluation }
  }

  /// Writes the summary, or removes it where there is nothing to sum up.
  func save(for trial: Int64, in database: Database) throws {
    guard last != nil else {
      try database.execute(sql: "DELETE FROM summary WHERE trial_id = ?", arguments: [trial])
      return
    }
    try database.cachedStatement(sql: "INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .execute(arguments: StatementArguments([trial.databaseValue] + values))
  }

  /// The columns of the table behind the trial; none where there is nothing to sum up.
  var values: [DatabaseValue] {
    guard let last else { return [] }
    let values: [(any DatabaseValueConvertible)?] = [
      last.iteration, last.trainLoss, last.validation?.loss, last.validation?.accuracy, last.test?.loss,
      last.test?.accuracy, best.map { $0.validation == nil ? "test" : "validation" }, best?.iteration,
      best?.validation?.loss, best?.validation?.accuracy, best?.test?.loss, best?.test?.accuracy,
    ]
    // As SQLite keeps them: NaN is NULL.
    return values.map { value in
      if let number = value as? Double, number.isNaN { return .null }
      return value?.databaseValue ?? .null
    }
  }
}

extension Evaluation {
  /// The score by which evaluations are compared, higher is better; `nil` where it says nothing.
  fileprivate var merit: Double? {
    guard let score = validation ?? test else { return nil }
    let merit = score.accuracy ?? -score.loss
    return merit.isNaN ? nil : merit
  }
}
