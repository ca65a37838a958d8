import Foundation
import GRDB

extension Row {
  /// A column's value; NULL where there is no such column. GRDB's own subscripts end the process where a store holds
  /// something else than its schema says, or take text for 0.
  ///
  /// - Throws: ``ColumnError``, which the user is told as ``StoreError/damaged(path:reason:)``.
  func get<Value: DatabaseValueConvertible>(_ column: String, as type: Value.Type = Value.self) throws -> Value {
    // What an older store has no column for is NULL there.
    let stored: DatabaseValue = self[column] ?? .null
    guard let value = Value.fromDatabaseValue(stored) else { throw ColumnError(self, column, stored, Value.self) }
    return value
  }

  /// The value of a column by its place.
  func get<Value: DatabaseValueConvertible>(_ index: Int, as type: Value.Type = Value.self) throws -> Value {
    let stored: DatabaseValue = self[index]
    guard let value = Value.fromDatabaseValue(stored) else {
      throw ColumnError(self, Array(columnNames)[index], stored, Value.self)
    }
    return value
  }

  /// A count, an iteration or a number of bytes: a whole number that is not below zero and so small that sums of such
  /// numbers are whole numbers too.
  func count(_ column: String) throws -> Int {
    let value: Int = try get(column)
    guard Row.counts.contains(value) else { throw ColumnError(self, column, value.databaseValue, "0 to 2^53") }
    return value
  }

  /// The same by the column's place.
  func count(_ index: Int) throws -> Int {
    let value: Int = try get(index)
    guard Row.counts.contains(value) else {
      throw ColumnError(self, Array(columnNames)[index], value.databaseValue, "0 to 2^53")
    }
    return value
  }

  /// The same of a column that may be empty.
  func optionalCount(_ column: String) throws -> Int? {
    try get(column, as: DatabaseValue.self).isNull ? nil : try count(column)
  }

  /// A time in seconds since 1970, before the year 10,000.
  func time(_ column: String) throws -> Double {
    let value: Double = try get(column)
    guard Row.times.contains(value) else {
      throw ColumnError(self, column, value.databaseValue, "seconds since 1970, before the year 10,000")
    }
    return value
  }

  /// The same of a column that may be empty.
  func optionalTime(_ column: String) throws -> Double? {
    try get(column, as: DatabaseValue.self).isNull ? nil : try time(column)
  }

  /// The numbers that ``count(_:)`` takes.
  static let counts = 0...1 << 53
  private static let times = 0...253_402_300_800.0
}
