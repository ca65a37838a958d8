import Experiments
import GRDB

/// SHA-256 over what rows say that no trial's digest covers: names, titles, settings, machines, code and nights.
///
/// It stands in the column `proof`. An older store that is only read has no such column, and nothing is checked; in a
/// store that was brought up to date every row has its proof.
struct RowProof {
  /// A table whose rows carry a proof.
  enum Table: String, CaseIterable {
    case environment, source
    case configuration = "named_configuration"
    case revision, night, annotation

    /// The row's own columns that its proof covers, and for a configuration two that it refers to.
    var columns: [String] {
      switch self {
      case .environment: ["host", "cpu", "cores", "memory_bytes", "os", "swift", "blas", "program", "workers"]
      case .source: ["commit_hash", "branch", "diff"]
      case .configuration: ["hash", "parameters", "label", "stored"]
      case .revision: ["name", "number", "title", "axes", "grid", "created_at"]
      case .night:
        [
          "recorded_at", "study", "revision", "commit_hash", "host", "cpu", "cores", "workers", "program", "numerics",
          "baseline", "verdict",
        ]
      case .annotation: ["target", "tags", "untagged", "note"]
      }
    }

    /// What may have changed where a proof does not fit.
    fileprivate var contents: String {
      switch self {
      case .environment: "its name, processor, system, libraries, program or workers"
      case .source: "its commit, branch or changes"
      case .configuration: "its label or settings"
      case .revision: "its name, title, axes, grid, moment or trials"
      case .night: "its moment, code, machine, baseline or numbers"
      case .annotation: "its tags or text"
      }
    }

    /// Every row of the table with the columns that its proof covers.
    var query: String {
      switch self {
      case .environment, .source, .night: "SELECT * FROM \(rawValue) ORDER BY id"
      case .configuration:
        """
        SELECT named_configuration.*, configuration.hash, configuration.parameters
        FROM named_configuration JOIN configuration ON configuration.id = configuration_id ORDER BY named_configuration.id
        """
      case .revision:
        "SELECT revision.*, study.name FROM revision JOIN study ON study.id = study_id ORDER BY revision.id"
      case .annotation:
        """
        SELECT annotation.*, coalesce(study.name, trial.key) AS target FROM annotation
        LEFT JOIN study ON study.id = study_id LEFT JOIN trial ON trial.id = trial_id ORDER BY annotation.id
        """
      }
    }

    /// Which row it is, in words.
    fileprivate func name(_ row: Row) -> String {
      func text(_ column: String) -> String {
        (row[column] as DatabaseValue?).map { String.fromDatabaseValue($0) ?? "\($0)" } ?? "?"
      }
      return switch self {
      case .environment: "machine \(text("host"))"
      case .source: "source code \(text("commit_hash").prefix(13))"
      case .configuration: "configuration \(text("label"))"
      case .revision: "study \(text("name")), revision \(text("number"))"
      case .night: "night \(text("id")) of study \(text("study"))"
      case .annotation: "note on \(text("target"))"
      }
    }
  }

  private let table: Table
  private var bytes: [UInt8] = []

  /// Begins with values of the table's columns, in their order.
  init(_ table: Table, _ values: [(any DatabaseValueConvertible)?]) {
    precondition(values.count == table.columns.count)
    self.table = table
    for value in values { add(value) }
  }

  /// Begins with a row of the table.
  init(_ table: Table, _ row: Row) {
    self.init(table, table.columns.map { (row[$0] as DatabaseValue?) ?? .null })
  }

  /// Adds what belongs to the row and lies elsewhere.
  mutating func add(_ value: (any DatabaseValueConvertible)?) {
    func append(_ tag: UInt8, _ number: UInt64) {
      bytes.append(tag)
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    switch (value?.databaseValue ?? .null).storage {
    case .null: bytes.append(0)
    case .int64(let number): append(1, UInt64(bitPattern: number))
    case .double(let number): append(2, number.bitPattern)
    case .string(let text):
      append(3, UInt64(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .blob(let data):
      append(4, UInt64(data.count))
      bytes.append(contentsOf: data)
    }
  }

  /// The proof in hexadecimal.
  var hex: String { ContentDigest.hex(of: bytes) }

  /// Throws where a row has another proof.
  ///
  /// - Parameter row: a row of the table; the columns that name it and `proof` are looked at.
  func require(_ row: Row) throws {
    if let error = try error(row) { throw error }
  }

  private func error(_ row: Row) throws -> RowError? {
    guard row.hasColumn("proof"), try row.get("proof", as: String?.self) != hex else { return nil }
    return RowError(
      description: "\(table.name(row)): \(table.contents) are not those that its digest was made of")
  }

  /// A row that is not what was stored.
  struct RowError: Error, CustomStringConvertible {
    let description: String
  }

  /// A trial of a revision: adds it to the revision's proof.
  mutating func add(trial key: String, seed: Int64, dataDigest: String, position: Int) {
    add(position)
    add(key)
    add(seed)
    add(dataDigest)
  }

  /// Throws where a row of a table that needs nothing else has another proof.
  static func require(_ table: Table, _ row: Row) throws { try RowProof(table, row).require(row) }

  /// The rows whose proofs do not fit, in words.
  static func errors(in database: Database) throws -> [String] {
    var errors: [String] = []
    try forEach(in: database) { proof, row in
      if let error = try proof.error(row) { errors.append(error.description) }
    }
    return errors
  }

  /// Makes every proof fit its row.
  static func fill(_ database: Database) throws {
    try forEach(in: database) { proof, row in
      try database.execute(
        sql: "UPDATE \(proof.table.rawValue) SET proof = ? WHERE id = ?",
        arguments: [proof.hex, row["id"] as DatabaseValue?])
    }
  }

  private static func forEach(in database: Database, _ body: (RowProof, Row) throws -> Void) throws {
    // The tables of a store that is being brought up to date come one by one.
    for table in Table.allCases where try database.tableExists(table.rawValue) {
      for row in try Row.fetchAll(database, sql: table.query) {
        var proof = RowProof(table, row)
        switch table {
        case .revision: try proof.addTrials(ofRevision: row["id"], in: database)
        case .night: try proof.addValues(ofNight: row["id"], in: database)
        default: break
        }
        try body(proof, row)
      }
    }
  }

  /// Adds the configurations and trials of a revision, as the store has them.
  private mutating func addTrials(ofRevision revision: DatabaseValue?, in database: Database) throws {
    let configurations = try Row.fetchCursor(
      database,
      sql: """
        SELECT named_configuration.*, configuration.hash, configuration.parameters
        FROM revision_configuration
        \(Joins.configurationOfName)
        WHERE revision_configuration.revision_id = ? ORDER BY revision_configuration.position
        """, arguments: [revision])
    while let row = try configurations.next() { add(RowProof(.configuration, row).hex) }
    let trials = try Row.fetchCursor(
      database,
      sql: """
        SELECT revision_trial.position, trial.key, trial.seed, dataset.digest
        FROM revision_trial
        JOIN trial ON trial.id = revision_trial.trial_id
        JOIN dataset ON dataset.id = trial.dataset_id
        WHERE revision_trial.revision_id = ? ORDER BY revision_trial.position, revision_trial.place
        """, arguments: [revision])
    while let row = try trials.next() {
      for value in row.databaseValues { add(value) }
    }
  }

  /// Adds the values of a night, as the store has them.
  mutating func addValues(ofNight night: DatabaseValue?, in database: Database) throws {
    let values = try Row.fetchAll(
      database,
      sql: """
        SELECT position, metric, configuration, label, mean, sd, seeds FROM night_value
        WHERE night_id = ? ORDER BY position, metric
        """, arguments: [night])
    for row in values {
      for value in row.databaseValues { add(value) }
    }
  }
}
