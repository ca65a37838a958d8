import Experiments
import GRDB

extension Store {
  /// Adds a night to the history of its study.
  ///
  /// Where the study's latest night has the same values to the bit, times among them, the same results are recorded
  /// once more, against another baseline say: the night then takes the earlier one's place, so that one night never
  /// counts as two.
  package func saveNight(_ night: Night) throws {
    try write { try Store.save(night, in: $0) }
  }

  /// Adds a night as ``saveNight(_:)`` does, as part of a transaction.
  static func save(_ night: Night, in database: Database) throws {
    _ = try night.study.storableName()
    if let latest = try Store.nightRows(ofStudy: night.study, latest: true, in: database).first,
      try Store.night(latest, in: database).hasTheSameResults(as: night)
    {
      try database.execute(sql: "DELETE FROM night WHERE id = ?", arguments: [latest.get("id", as: Int64.self)])
    }
    let values: [(any DatabaseValueConvertible)?] = [
      night.recordedAt, night.study, night.revision, night.commit?.replacingNUL, night.machine?.host.replacingNUL,
      night.machine?.cpu.replacingNUL, night.machine?.cores, night.machine?.workers,
      night.machine?.program.replacingNUL, night.numerics, night.baseline.replacingNUL, night.verdict,
    ]
    try database.execute(
      sql: """
        INSERT INTO night (\(RowProof.Table.night.columns.joined(separator: ", ")))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: StatementArguments(values))
    let row = database.lastInsertedRowID
    let insert = try database.makeStatement(
      sql: """
        INSERT INTO night_value (night_id, position, metric, configuration, label, mean, sd, seeds)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for (position, configuration) in night.configurations.enumerated() {
      for value in configuration.values {
        try insert.execute(arguments: [
          row, position, value.metric, configuration.hash, configuration.label.replacingNUL, value.mean,
          value.standardDeviation, value.count,
        ])
      }
    }
    var proof = RowProof(.night, values)
    try proof.addValues(ofNight: row.databaseValue, in: database)
    try database.execute(sql: "UPDATE night SET proof = ? WHERE id = ?", arguments: [proof.hex, row])
  }

  /// The nights that were recorded of a study, oldest first; none for a study that has none or is not known.
  package func nights(ofStudy name: String) throws -> [Night] {
    try read { database in
      // A store that only lacks what is optional is read as it is.
      guard try database.tableExists("night") else { return [] }
      return try Store.nightRows(ofStudy: name, in: database).map { try Store.night($0, in: database) }
    }
  }

  /// The studies that have recorded nights, the one with the latest night first.
  package func studiesWithNights() throws -> [String] {
    try read { database in
      guard try database.tableExists("night") else { return [] }
      return try String.fetchAll(
        database, sql: "SELECT study FROM night GROUP BY study ORDER BY max(recorded_at) DESC, study")
    }
  }

  private static func nightRows(ofStudy name: String, latest: Bool = false, in database: Database) throws -> [Row] {
    let order = latest ? "recorded_at DESC, id DESC LIMIT 1" : "recorded_at, id"
    return try Row.fetchAll(database, sql: "SELECT * FROM night WHERE study = ? ORDER BY \(order)", arguments: [name])
  }

  private static func night(_ row: Row, in database: Database) throws -> Night {
    var proof = RowProof(.night, row)
    try proof.addValues(ofNight: row["id"], in: database)
    try proof.require(row)
    let values = try Row.fetchAll(
      database, sql: "SELECT * FROM night_value WHERE night_id = ? ORDER BY position, metric",
      arguments: [row.get("id", as: Int64.self)])
    var configurations: [Night.Configuration] = []
    var position: Int?
    for value in values {
      let place = try value.count("position")
      if position != place {
        position = place
        configurations.append(try .init(hash: value.get("configuration"), label: value.get("label"), values: []))
      }
      configurations[configurations.count - 1].values.append(
        try .init(
          metric: value.get("metric"), mean: value.get("mean") ?? .nan, standardDeviation: value.get("sd"),
          count: value.count("seeds")))
    }
    return try Night(
      recordedAt: row.time("recorded_at"), study: row.get("study"), revision: row.count("revision"),
      commit: row.get("commit_hash"),
      machine: machine(row), numerics: row.optionalCount("numerics"), baseline: row.get("baseline"),
      verdict: row.get("verdict"),
      configurations: configurations)
  }

  private static func machine(_ row: Row) throws -> Machine? {
    guard let host: String = try row.get("host"), let cpu: String = try row.get("cpu"),
      let cores = try row.optionalCount("cores"),
      let workers = try row.optionalCount("workers"), let program: String = try row.get("program")
    else { return nil }
    return Machine(host: host, cpu: cpu, cores: cores, workers: workers, program: program)
  }
}

extension Night {
  /// Whether both hold the numbers of the very same trials, as times show that no two runs share.
  fileprivate func hasTheSameResults(as other: Night) -> Bool {
    func numbers(_ night: Night) -> [[String: [Double?]]] {
      night.configurations.filter { !$0.values.isEmpty }.map { configuration in
        Dictionary(
          configuration.values.map { ($0.metric, [$0.mean, $0.standardDeviation, Double($0.count)]) }
        ) { first, _ in first }
      }
    }
    let ours = numbers(self)
    let isTimed = ours.contains { $0["wall_seconds"] != nil || $0["cpu_seconds"] != nil }
    return isTimed && revision == other.revision && ours == numbers(other)
  }
}
