import Experiments
import GRDB
import Presentation

extension Store {
  /// The trials of a study's latest revision, or of all studies, in file order.
  ///
  /// - Parameters:
  ///   - study: The study's name; `nil` is all.
  ///   - filter: What must hold for a trial.
  /// - Throws: ``StoreError/noStudy(name:known:)``, or ``TrialFilterFault/unknownPath(_:known:)`` where the filter asks
  ///   for what none of the trials has.
  package func trials(of study: String? = nil, matching filter: TrialFilter? = nil) throws -> [TrialRow] {
    try read { database in
      if let study { _ = try Store.revisionRow(of: study, revision: nil, in: database) }
      let (rows, names) = try Store.trialRows(of: study, in: database)
      guard let filter else { return rows }
      let paths = filter.paths.filter { !TrialRow.columns.contains($0) }
      let settings = paths.isEmpty ? [:] : try Store.values(of: paths, ofNamed: Set(names), in: database)
      for path in paths where !settings.values.contains(where: { $0[path] != nil }) && !rows.isEmpty {
        throw TrialFilterFault.unknownPath(path, known: TrialRow.columns)
      }
      return zip(rows, names).compactMap { row, name in
        filter.matches { row.value(of: $0) ?? settings[name]?[$0] } ? row : nil
      }
    }
  }

  /// The trials, and for each the row of its named configuration.
  private static func trialRows(of study: String?, in database: Database) throws -> ([TrialRow], [Int64]) {
    let cursor = try Row.fetchCursor(
      database,
      sql: """
        SELECT study.name AS study, trial.key, named_configuration.label, configuration.hash, trial.seed,
          configuration.parameters, trial.iterations AS planned, named_configuration.id AS named,
          summary.train_loss, summary.validation_loss, summary.validation_accuracy, summary.test_loss,
          summary.test_accuracy, summary.best_test_accuracy, summary.best_iteration, \(isNaN("train_loss", .trainLoss)),
          \(isNaN("validation_loss", .validationLoss)), \(isNaN("test_loss", .testLoss)), attempt.*
        \(Joins.latestRevision)
        \(Joins.trialsOfRevision)
        \(Joins.nameOfTrial)
        \(Joins.latestAttempt)
        LEFT JOIN summary ON summary.trial_id = trial.id
        WHERE ? IS NULL OR study.name = ?
        ORDER BY study.id, revision_trial.position, revision_trial.place
        """, arguments: [study, study])
    var rows: [TrialRow] = []
    var names: [Int64] = []
    let now = now
    while let row = try cursor.next() {
      names.append(row["named"])
      rows.append(
        TrialRow(
          study: row["study"], key: row["key"], label: row["label"], configuration: row["hash"],
          seed: UInt64(bitPattern: row["seed"]), state: state(of: row, now: now), parameters: row["parameters"],
          iterations: row["recorded"] ?? 0, plannedIterations: row["planned"],
          trainLoss: loss("train_loss", row),
          validation: score(loss("validation_loss", row), row["validation_accuracy"]),
          test: score(loss("test_loss", row), row["test_accuracy"]), bestTestAccuracy: row["best_test_accuracy"],
          bestIteration: row["best_iteration"], wallSeconds: row["wall_seconds"], cpuSeconds: row["cpu_seconds"],
          imagesPerSecond: row["images_per_second"], error: row["error"]))
    }
    return (rows, names)
  }

  /// SQL of whether the last evaluation measured a loss that is NaN, which SQLite keeps as NULL.
  private static func isNaN(_ column: String, _ series: Series) -> String {
    """
    summary.\(column) IS NULL AND EXISTS (SELECT 1 FROM metric WHERE metric.trial_id = trial.id
      AND metric.series_id = \(series.rawValue) AND metric.iteration = summary.iteration) AS \(column)_is_nan
    """
  }

  /// A loss of the last evaluation; `nil` where it was not measured.
  private static func loss(_ column: String, _ row: Row) -> Double? {
    row["\(column)_is_nan"] ? .nan : row[column]
  }

  private static func score(_ loss: Double?, _ accuracy: Double?) -> Score? {
    loss.map { Score(loss: $0, accuracy: accuracy) }
  }

  /// What the stored configurations say at some paths, as text.
  private static func values(
    of paths: [String], ofNamed names: Set<Int64>, in database: Database
  ) throws -> [Int64: [String: String]] {
    var values: [Int64: [String: String]] = [:]
    let rows = try Row.fetchCursor(database, sql: "SELECT id, stored FROM named_configuration")
    while let row = try rows.next() {
      let id: Int64 = row["id"]
      guard names.contains(id) else { continue }
      let text: String = row["stored"]
      var reader = JSONReader(Array(text.utf8))
      let stored = try reader.read().value
      for path in paths { values[id, default: [:]][path] = StudyConfiguration.value(at: path, inStored: stored) }
    }
    return values
  }
}
