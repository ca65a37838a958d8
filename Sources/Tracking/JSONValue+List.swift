import GRDB
import Presentation

// Small lists as JSON text, for columns that people may want to take apart with SQLite's JSON functions.

extension JSONValue {
  /// A list of texts.
  init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }

  /// A list of whole numbers.
  init(_ numbers: [Int]) { self = .array(numbers.map { .integer($0) }) }

  /// The texts, where it is a list of nothing else.
  var texts: [String]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }
}

extension Row {
  /// A column of JSON text.
  ///
  /// - Parameters:
  ///   - read: takes the value out of the JSON; `nil` where it is not there.
  ///   - expected: what the column should hold, for the message.
  func json<Value>(_ column: String, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value {
    let text: String = try get(column)
    var reader = JSONReader(Array(text.utf8))
    guard let value = read(try reader.read().value) else {
      throw ColumnError(self, column, text.databaseValue, expected)
    }
    return value
  }

  /// The command line of a run.
  func commandLine() throws -> [String] { try json("command_line", "a list of texts", \.texts) }
}
