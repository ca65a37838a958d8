import Experiments
import GRDB

extension Store {
  /// Every batch loss of a trial that is stored, in order.
  ///
  /// - Parameter isProven: Whether losses that do not fit the trial's digest are an error.
  /// - Throws: ``StoreError/unproven(path:trial:)`` for those.
  public func losses(of key: String, isProven: Bool = true) throws -> [LossPoint] {
    try read { database in try lossCurve(of: key, binSize: 1, isProven: isProven, in: database) }
  }

  /// Hands over every row of the view `curves` that belongs to a study, one after the other: a trial's batch losses,
  /// then what its evaluations measured, trial by trial in file order.
  public func eachCurvePoint(of study: String, _ body: (CurvePoint) throws -> Void) throws {
    try read { database in
      let revision = try Store.revisionRow(of: study, revision: nil, in: database)["id"] as Int64
      let trials = try Row.fetchAll(
        database,
        sql: """
          SELECT trial.id, trial.key, trial.seed, trial.iterations_per_epoch, named_configuration.label,
            configuration.hash
          FROM revision_trial
          JOIN trial ON trial.id = revision_trial.trial_id
          JOIN revision_configuration ON revision_configuration.revision_id = revision_trial.revision_id
            AND revision_configuration.position = revision_trial.position
          JOIN named_configuration ON named_configuration.id = revision_configuration.named_configuration_id
          JOIN configuration ON configuration.id = named_configuration.configuration_id
          WHERE revision_trial.revision_id = ? ORDER BY revision_trial.position, revision_trial.place
          """, arguments: [revision])
      for trial in trials {
        let rows = try Row.fetchCursor(
          database.cachedStatement(sql: Store.pointsOfTrial), arguments: [trial["id"], trial["id"]])
        while let row = try rows.next() {
          let iteration: Int = row[2]
          try body(
            CurvePoint(
              trial: trial["key"], label: trial["label"], configuration: trial["hash"],
              seed: UInt64(bitPattern: trial["seed"]), split: row[0], metric: row[1], iteration: iteration,
              epoch: Double(iteration) / Double(trial["iterations_per_epoch"] as Int), value: row[3] ?? .nan))
        }
      }
    }
  }

  private static let pointsOfTrial = """
    SELECT 'train', 'loss', iteration, value FROM batch_loss WHERE trial_id = ?
    UNION ALL
    SELECT series.split, series.metric, metric.iteration, metric.value
    FROM metric JOIN series ON series.id = metric.series_id AND series.metric <> 'mean_loss' WHERE metric.trial_id = ?
    """

  /// The batch losses of a trial as means over runs of `binSize` iterations, counted from the first iteration on.
  func lossCurve(of key: String, binSize: Int, isProven: Bool = true, in database: Database) throws -> [LossPoint] {
    let found = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT trial.id AS trial, trial.key, trial.seed, confusion.counts, attempt.* \(Store.trialWithAttempt)
          LEFT JOIN confusion ON confusion.attempt_id = attempt.id WHERE trial.key = ?
          """), arguments: [key])
    guard let found else { throw StoreError.noTrial(prefix: key) }
    let trial: Int64 = found["trial"]
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT iteration, value FROM batch_loss WHERE trial_id = ? ORDER BY iteration"), arguments: [trial])
    var points: [LossPoint] = []
    var (bin, sum, count) = (0, 0.0, 0)
    func endBin(at iteration: Int) {
      if count > 0 { points.append(LossPoint(iteration: iteration, loss: sum / Double(count))) }
    }
    var last = 0
    var losses: [Float] = []
    while let row = try rows.next() {
      let iteration: Int = row[0]
      if (iteration - 1) / binSize != bin {
        endBin(at: last)
        (bin, sum, count) = ((iteration - 1) / binSize, 0, 0)
      }
      let value: Double = row[1] ?? .nan
      losses.append(Float(value))
      sum += value
      count += 1
      last = iteration
    }
    endBin(at: last)
    if isProven, ["done", "diverged"].contains(found["state"] as String?) {
      let ended = try EndedTrial(found, evaluations: Store.evaluations(of: trial, in: database))
      try prove(ended, losses: losses, in: database)
    }
    return points
  }
}
