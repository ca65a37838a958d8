import Foundation
import GRDB

/// A value that the schema of a store does not allow.
struct ColumnError: Error, CustomStringConvertible {
  let description: String

  init(_ row: Row, _ column: String, _ found: DatabaseValue, _ expected: String) {
    let text = "\(found)"
    // What names the row best, where the query has it.
    let place = ["key", "name", "study", "label", "id"].lazy.compactMap { name in
      (row[name] as DatabaseValue?).flatMap { $0.isNull || name == column ? nil : "\(name) \($0)" }
    }.first
    description =
      "column \(column)\(place.map { " at \($0.prefix(80))" } ?? "") is \(text.prefix(120)); expected \(expected)"
  }

  init<Value>(_ row: Row, _ column: String, _ found: DatabaseValue, _ type: Value.Type) {
    let expected =
      switch type {
      case is Int.Type, is Int64.Type, is Int32.Type, is Int?.Type, is Int64?.Type: "a whole number"
      case is Double.Type, is Double?.Type: "a number"
      case is Bool.Type: "0 or 1"
      case is Data.Type, is Data?.Type: "bytes"
      default: "text"
      }
    self.init(row, column, found, expected)
  }
}
