import Experiments
import GRDB
import Presentation

extension Store {
  /// What is said of a study, with all its revisions, or of a trial: by its latest grid, and after the fact.
  package func annotations(of target: StoreTarget) throws -> Annotations {
    try read { database in
      let row = try Store.annotatedRow(target, in: database)
      return row.grid.with(try Store.laterAnnotations(row.column, row.id, in: database))
    }
  }

  /// Changes the tags and the note of a study, with all its revisions, or of a trial. No trial's key and no grid changes.
  ///
  /// - Parameter change: is handed what was said after the fact, and what the study's latest grid says.
  /// - Returns: what is said now, the grid's part included.
  package func annotate(
    _ target: StoreTarget, _ change: (inout LaterAnnotations, _ grid: Annotations) throws -> Void
  ) throws -> Annotations {
    try write { database in
      let row = try Store.annotatedRow(target, in: database)
      var later = try Store.laterAnnotations(row.column, row.id, in: database) ?? LaterAnnotations()
      try change(&later, row.grid)
      try database.execute(sql: "DELETE FROM annotation WHERE \(row.column) = ?", arguments: [row.id])
      if later != LaterAnnotations() {
        let values = [row.name, later.tagsJSON, later.untaggedJSON, later.note.replacingNUL]
        try database.execute(
          sql: "INSERT INTO annotation (\(row.column), tags, untagged, note, proof) VALUES (?, ?, ?, ?, ?)",
          arguments: [row.id, values[1], values[2], values[3], RowProof(.annotation, values).hex])
      }
      return later.over(row.grid)
    }
  }

  private typealias AnnotatedRow = (column: String, id: Int64, name: String, grid: Annotations)

  private static func annotatedRow(_ target: StoreTarget, in database: Database) throws -> AnnotatedRow {
    switch target {
    case .study(let name, _):
      let row = try revisionRow(of: name, revision: nil, in: database)
      return try ("study_id", row.get("study_id"), name, Annotations(gridText: row.get("grid")))
    case .trial(let key):
      guard let id = try Int64.fetchOne(database, sql: "SELECT id FROM trial WHERE key = ?", arguments: [key]) else {
        throw StoreError.noTrial(prefix: key)
      }
      return ("trial_id", id, key, Annotations())
    }
  }

  /// What was said of a row after the fact; `nil` where nothing was, and in a store of an older program.
  private static func laterAnnotations(
    _ column: String, _ id: Int64, in database: Database
  ) throws -> LaterAnnotations? {
    try allAnnotations(in: database).first { try $0.row.get(column, as: Int64?.self) == id }?.annotations
  }

  /// All that was said after the fact, checked.
  private static func allAnnotations(in database: Database) throws -> [(row: Row, annotations: LaterAnnotations)] {
    guard try database.tableExists("annotation") else { return [] }
    return try Row.fetchAll(database, sql: RowProof.Table.annotation.query).map { row in
      try RowProof.require(.annotation, row)
      return (
        row,
        try LaterAnnotations(
          tags: row.json("tags", "a list of texts") { $0.texts },
          untagged: row.json("untagged", "a list of texts") { $0.texts }, note: row.get("note"))
      )
    }
  }

  /// What was said of studies after the fact, by their names.
  static func studyAnnotations(in database: Database) throws -> [String: LaterAnnotations] {
    try annotations("study_id", in: database)
  }

  /// What was said of trials after the fact, by their keys.
  package func trialAnnotations() throws -> [String: Annotations] {
    try read { try Store.trialAnnotations(in: $0) }
  }

  /// What ``trialAnnotations()`` finds, as part of a transaction.
  static func trialAnnotations(in database: Database) throws -> [String: Annotations] {
    try annotations("trial_id", in: database).mapValues { $0.over(Annotations()) }
  }

  private static func annotations(_ column: String, in database: Database) throws -> [String: LaterAnnotations] {
    let rows = try allAnnotations(in: database).filter { try $0.row.get(column, as: Int64?.self) != nil }
      .map { try ($0.row.get("target", as: String.self), $0.annotations) }
    return Dictionary(rows) { first, _ in first }
  }

  /// Takes over what another store says of studies and trials of which nothing is said here.
  static func mergeAnnotations(_ rows: [Row], in database: Database) throws {
    for row in rows {
      let column = try row.get("study_id", as: Int64?.self) == nil ? "trial_id" : "study_id"
      let (table, name) = column == "study_id" ? ("study", "name") : ("trial", "key")
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO annotation (\(column), tags, untagged, note, proof)
          SELECT id, ?, ?, ?, ? FROM \(table) WHERE \(name) = ?
          """,
        arguments: [row["tags"], row["untagged"], row["note"], row["proof"], row["target"]] as StatementArguments)
    }
  }

  /// The rows that ``mergeAnnotations(_:in:)`` takes; none in a store of an older program.
  static func annotationRows(in database: Database) throws -> [Row] { try allAnnotations(in: database).map(\.row) }
}

extension Annotations {
  /// What a grid says, with what was said after the fact.
  func with(_ later: LaterAnnotations?) -> Annotations { later?.over(self) ?? self }
}

/// What was said of a study or a trial after it was trained, beside what its grid says.
package struct LaterAnnotations: Sendable, Hashable {
  /// Tags that were added, in order.
  package var tags: [String] = []
  /// Tags of the grid that were taken away.
  package var untagged: [String] = []
  /// May be empty.
  package var note = ""

  /// Adds a tag, or takes back that it was taken away.
  package mutating func add(_ tag: String, grid: Annotations) {
    untagged.removeAll { $0 == tag }
    if !grid.tags.contains(tag), !tags.contains(tag) { tags.append(tag) }
  }

  /// Takes a tag away.
  ///
  /// - Returns: whether it was there.
  package mutating func remove(_ tag: String, grid: Annotations) -> Bool {
    guard over(grid).tags.contains(tag) else { return false }
    tags.removeAll { $0 == tag }
    if grid.tags.contains(tag) { untagged.append(tag) }
    return true
  }

  /// Both parts: the grid's tags without those that were taken away, then those that were added; the grid's notes, then
  /// the note on a line of its own.
  package func over(_ grid: Annotations) -> Annotations {
    var result = Annotations()
    result.tags = grid.tags.filter { !untagged.contains($0) }
    result.tags += tags.filter { !result.tags.contains($0) }
    result.notes = [grid.notes, note].filter { !$0.isEmpty }.joined(separator: "\n")
    return result
  }

  fileprivate var tagsJSON: String { JSONValue(tags.map(\.replacingNUL)).compactText }
  fileprivate var untaggedJSON: String { JSONValue(untagged.map(\.replacingNUL)).compactText }
}
