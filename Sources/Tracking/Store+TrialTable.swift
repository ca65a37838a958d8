import Experiments
import GRDB
import Presentation

extension Store {
  /// The trials of a study's latest revision, or of all studies, in file order.
  ///
  /// - Parameters:
  ///   - study: The study's name; `nil` is all.
  ///   - filter: What must hold for a trial.
  /// - Throws: ``StoreError/noStudy(name:known:)``, or ``TrialFilterError/unknownPath(_:known:)`` where the filter asks
  ///   for what none of the trials has.
  package func trials(of study: String? = nil, matching filter: TrialFilter? = nil) throws -> [TrialRow] {
    try read { database in
      if let study { _ = try Store.revisionRow(of: study, revision: nil, in: database) }
      try Store.requireProvenNames(of: study, in: database)
      let (rows, names) = try Store.trialRows(of: study, in: database)
      guard let filter else { return rows }
      let paths = filter.paths.filter { !TrialRow.columns.contains($0) }
      let settings = paths.isEmpty ? [:] : try Store.values(of: paths, ofNamed: Set(names), in: database)
      let scores = try Store.scores(named: paths, in: database)
      for path in paths
      where !settings.values.contains(where: { $0[path] != nil }) && scores[path] == nil && !rows.isEmpty {
        throw TrialFilterError.unknownPath(path, known: TrialRow.columns)
      }
      return zip(rows, names).compactMap { row, name in
        filter.matches { row.value(of: $0) ?? settings[name]?[$0] ?? scores[$0]?[row.key] } ? row : nil
      }
    }
  }

  /// Throws where a label of a study, or of all studies, is not the one that was stored.
  private static func requireProvenNames(of study: String?, in database: Database) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT named_configuration.*, configuration.hash, configuration.parameters
        \(Joins.latestRevision)
        JOIN revision_configuration ON revision_configuration.revision_id = revision.id
        \(Joins.configurationOfName)
        WHERE ? IS NULL OR study.name = ?
        """, arguments: [study, study])
    while let row = try rows.next() { try RowProof.require(.configuration, row) }
  }

  /// The trials, and for each the row of its named configuration.
  private static func trialRows(of study: String?, in database: Database) throws -> ([TrialRow], [Int64]) {
    let cursor = try Row.fetchCursor(
      database,
      sql: """
        SELECT study.name AS study, trial.key, named_configuration.label, configuration.hash, trial.seed,
          CASE WHEN trial.numerics <> \(NumericsVersion.imported) THEN configuration.parameters END AS parameters,
          trial.iterations AS planned, named_configuration.id AS named,
          summary.train_loss, summary.validation_loss, summary.validation_accuracy, summary.test_loss,
          summary.test_accuracy, summary.best_test_accuracy, summary.best_iteration,
          \(Joins.summaryFits) AS fits, \(isNaN("train_loss", .trainLoss)),
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
      try Store.requireFittingSummary(row)
      names.append(try row.get("named"))
      rows.append(
        try TrialRow(
          study: row.get("study"), key: row.get("key"), label: row.get("label"), configuration: row.get("hash"),
          seed: UInt64(bitPattern: row.get("seed")), state: state(of: row, now: now),
          parameters: row.optionalCount("parameters"),
          iterations: row.optionalCount("recorded") ?? 0, plannedIterations: row.count("planned"),
          trainLoss: loss("train_loss", row),
          validation: score(loss("validation_loss", row), row.get("validation_accuracy")),
          test: score(loss("test_loss", row), row.get("test_accuracy")),
          bestTestAccuracy: row.get("best_test_accuracy"), bestIteration: row.optionalCount("best_iteration"),
          wallSeconds: row.get("wall_seconds"), cpuSeconds: row.get("cpu_seconds"),
          imagesPerSecond: row.get("images_per_second"), error: row.get("error")))
    }
    return (rows, names)
  }

  /// Throws where a trial's summary is not what was last measured.
  static func requireFittingSummary(_ row: Row) throws {
    guard try row.get("fits", as: Bool.self) else {
      throw ColumnError(
        row, "summary", "not what the trial's last evaluation measured".databaseValue, "the same numbers as in metric")
    }
  }

  /// SQL of whether the last evaluation measured a loss that is NaN, which SQLite keeps as NULL. The train loss of another
  /// program's trial is NULL too where nobody told it.
  private static func isNaN(_ column: String, _ series: Series) -> String {
    """
    summary.\(column) IS NULL AND EXISTS (SELECT 1 FROM metric WHERE metric.trial_id = trial.id
      AND metric.series_id = \(series.rawValue) AND metric.iteration = summary.iteration)
      \(series == .trainLoss ? "AND trial.numerics <> \(NumericsVersion.imported)" : "") AS \(column)_is_nan
    """
  }

  /// A loss of the last evaluation; `nil` where it was not measured.
  private static func loss(_ column: String, _ row: Row) throws -> Double? {
    try row.get("\(column)_is_nan") ? .nan : row.get(column)
  }

  private static func score(_ loss: Double?, _ accuracy: Double?) -> Score? {
    loss.map { Score(loss: $0, accuracy: accuracy) }
  }

  /// What the trials' last evaluations scored beside loss and accuracy, as text by the trials' keys, for each name such as
  /// `test_f1_macro` that any trial has.
  private static func scores(named names: [String], in database: Database) throws -> [String: [String: String]] {
    var scores: [String: [String: String]] = [:]
    for name in names {
      guard let series = ScoreSeries(name: name) else { continue }
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT trial.key, metric.value FROM summary
          JOIN trial ON trial.id = summary.trial_id
          JOIN metric ON metric.trial_id = trial.id AND metric.series_id = ? AND metric.iteration = summary.iteration
          """, arguments: [series.id])
      while let row = try rows.next() {
        let value: Double = try row.get(1) ?? .nan
        scores[name, default: [:]][try row.get(0)] = "\(value)"
      }
    }
    return scores
  }

  /// What the stored configurations say at some paths, as text.
  private static func values(
    of paths: [String], ofNamed names: Set<Int64>, in database: Database
  ) throws -> [Int64: [String: String]] {
    var values: [Int64: [String: String]] = [:]
    let rows = try Row.fetchCursor(database, sql: "SELECT id, stored FROM named_configuration")
    while let row = try rows.next() {
      let id: Int64 = try row.get("id")
      guard names.contains(id) else { continue }
      let text: String = try row.get("stored")
      var reader = JSONReader(Array(text.utf8))
      let stored = try reader.read().value
      for path in paths { values[id, default: [:]][path] = StudyConfiguration.value(at: path, inStored: stored) }
    }
    return values
  }
}
