import Experiments
import Foundation
import GRDB
import Tracking

/// A change of one value, or of some rows, that no program makes: what a damaged store may have in it.
package struct StoreEdit: Sendable, CustomStringConvertible {
  /// The change in words, with the number that makes it again.
  package let description: String
  private let statements: [String]
  private let reseals: Bool

  /// What is put in the place of a value, as SQL.
  private static let values = [
    "'text'", "''", "'[]'", "'[[1,2],[3]]'", "'[[99999999999999999999]]'", "'{}'", "x'00ff'", "NULL", "-1", "0", "1",
    "0.5", "-0.5", "1e19", "-1e19", "9e999", "-9e999", "1e300", "2147483648", "9223372036854775807",
    "-9223372036854775808",
  ]

  /// Chooses a table, a column, a row and a value, or rows to remove.
  ///
  /// - Parameters:
  ///   - round: the choice's number, for its description.
  ///   - random: seeded with the number, so that the choice can be made again.
  ///   - database: the store, to know its tables.
  package init(round: Int, _ random: inout some RandomNumberGenerator, _ database: Database) throws {
    let tables = try String.fetchAll(
      database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    let table = tables[Int.random(in: 0..<tables.count, using: &random)]
    let columns = try String.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
    let column = columns[Int.random(in: 0..<columns.count, using: &random)]
    let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
    let place = rows == 0 ? 0 : Int.random(in: 0..<rows, using: &random)
    let value = Self.values[Int.random(in: 0..<Self.values.count, using: &random)]
    let keys = try String.fetchAll(
      database, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0", arguments: [table]
    ).joined(separator: ", ")
    let isOne = keys.isEmpty ? "1" : "(\(keys)) = (SELECT \(keys) FROM \(table) LIMIT 1 OFFSET \(place))"
    switch Int.random(in: 0..<12, using: &random) {
    case 0: statements = ["DELETE FROM \(table) WHERE \(isOne)"]
    case 1: statements = ["DELETE FROM \(table)"]
    case 2: statements = ["UPDATE OR IGNORE \(table) SET \(column) = \(value)"]
    default: statements = ["UPDATE OR IGNORE \(table) SET \(column) = \(value) WHERE \(isOne)"]
    }
    reseals = Int.random(in: 0..<3, using: &random) > 0
    description = "round \(round): \(statements.joined(separator: "; "))\(reseals ? ", digests made to fit" : "")"
  }

  /// Describes a change in SQL, after which digests are made to fit where they can be.
  package init(_ sql: String) { (description, statements, reseals) = (sql, [sql], true) }

  /// Makes the change, past the schema's checks, and leaves the schema's text as it was.
  package func apply(to path: String) throws {
    var configuration = GRDB.Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON")
      let texts = try Row.fetchAll(
        database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")
      try database.execute(
        sql: """
          UPDATE sqlite_master SET sql = replace(replace(replace(sql, ') STRICT, WITHOUT', ') WITHOUT'), ') STRICT', ')'),
            'NOT NULL', '') WHERE type = 'table' AND sql LIKE '%STRICT%';
          PRAGMA writable_schema = RESET;
          """)
      for statement in statements { try database.execute(sql: statement) }
      if reseals { try Self.reseal(database) }
      try database.execute(sql: "PRAGMA writable_schema = ON")
      for text in texts {
        try database.execute(
          sql: "UPDATE sqlite_master SET sql = ? WHERE name = ?",
          arguments: [text["sql"] as String, text["name"] as String])
      }
      try database.execute(sql: "PRAGMA writable_schema = RESET")
    }
    try queue.close()
  }

  /// Takes the result digests away, as if an older program had trained the trials, and makes the trace digests fit where
  /// losses and scores are numbers still, and the proofs of names and machines where their rows can be found.
  private static func reseal(_ database: Database) throws {
    try? Store.sealRows(in: database)
    try database.execute(sql: "UPDATE attempt SET result_digest = NULL")
    let others = try Int.fetchOne(
      database,
      sql: """
        SELECT count(*) FROM (
          SELECT series_id, iteration, value FROM metric UNION ALL SELECT 0, iteration, value FROM batch_loss)
        WHERE typeof(series_id) <> 'integer' OR typeof(iteration) <> 'integer' OR typeof(value) NOT IN ('real', 'null') OR abs(value) > 3e38
        """)
    let strays = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM trial WHERE typeof(id) <> 'integer' OR typeof(attempt_id) <> 'integer'")
    if others == 0, strays == 0 { try? Planting.reseal(database) }
  }
}
