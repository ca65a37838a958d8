import Experiments
import GRDB

extension Store {
  /// Every batch loss of a trial that is stored, in order.
  ///
  /// - Parameter isProven: Whether losses that do not fit the trial's digest are an error.
  /// - Throws: ``StoreError/unproven(path:trial:)`` for those.
  package func losses(of key: String, isProven: Bool = true) throws -> [LossPoint] {
    try read { database in try lossCurve(of: key, binSize: 1, isProven: isProven, in: database) }
  }

  /// The learning rate of every training step of a trial that is stored, in order; none for a trial without a scheduler.
  package func learningRates(of key: String) throws -> [RatePoint] {
    try read { database in try learningRates(of: key, in: database) }
  }

  func learningRates(of key: String, in database: Database) throws -> [RatePoint] {
    guard let trial = try Int64.fetchOne(database, sql: "SELECT id FROM trial WHERE key = ?", arguments: [key]) else {
      throw StoreError.noTrial(prefix: key)
    }
    return try Store.learningRates(of: trial, in: database)
  }

  static func learningRates(of trial: Int64, in database: Database) throws -> [RatePoint] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT iteration, value FROM metric WHERE trial_id = ? AND series_id = ? ORDER BY iteration"),
      arguments: [trial, Series.learningRateID])
    var points: [RatePoint] = []
    while let row = try rows.next() {
      points.append(RatePoint(iteration: try row.count(0), rate: try row.get(1) ?? .nan))
    }
    return points
  }

  /// The losses of a trial as they are stored.
  static func lossPoints(of trial: Int64, in database: Database) throws -> [LossPoint] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: "SELECT iteration, value FROM batch_loss WHERE trial_id = ? ORDER BY iteration"), arguments: [trial])
    var points: [LossPoint] = []
    while let row = try rows.next() {
      points.append(LossPoint(iteration: try row.count(0), loss: try row.get(1) ?? .nan))
    }
    return points
  }

  /// The batch losses of a trial as means over runs of `binSize` iterations, counted from the first iteration on.
  func lossCurve(of key: String, binSize: Int, isProven: Bool = true, in database: Database) throws -> [LossPoint] {
    let found = try Row.fetchOne(
      database.cachedStatement(
        sql: """
          SELECT trial.id AS trial, trial.key, trial.seed, trial.numerics, confusion.counts, attempt.*
          FROM trial \(Joins.latestAttempt) \(Joins.confusion) WHERE trial.key = ?
          """), arguments: [key])
    guard let found else { throw StoreError.noTrial(prefix: key) }
    let trial: Int64 = try found.get("trial")
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
      let iteration = try row.count(0)
      if (iteration - 1) / binSize != bin {
        endBin(at: last)
        (bin, sum, count) = ((iteration - 1) / binSize, 0, 0)
      }
      let value: Double = try row.get(1) ?? .nan
      losses.append(Float(storedLoss: value))
      sum += value
      count += 1
      last = iteration
    }
    endBin(at: last)
    if isProven, ["done", "diverged"].contains(try found.get("state", as: String?.self)) {
      let ended = try EndedTrial(found, evaluations: Store.evaluations(of: trial, in: database))
      try prove(ended, losses: losses, in: database)
    }
    return points
  }
}
