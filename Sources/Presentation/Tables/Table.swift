/// A table before it is in any syntax: for people a text in every cell, for programs a value under a stable name.
package struct Table: Sendable, Hashable {
  /// Where a column's text stands.
  package enum Alignment: Sendable { case left, right, center }

  /// A column's heading, alignment and name.
  package struct Column: Sendable, Hashable {
    package var title: String
    package var alignment: Alignment
    /// The name in CSV, which stays as it is when the heading is reworded.
    package var name: String
    /// Where a terminal is too narrow, columns are left out, those with the largest number first; 0 is never left out.
    package var leaveOut: Int

    package init(title: String, alignment: Alignment = .left, leaveOut: Int = 0) {
      (self.title, self.alignment, name, self.leaveOut) = (title, alignment, title, leaveOut)
    }

    /// Creates a column of texts at the left side, or of numbers at the right.
    package init(_ title: String, isNumeric: Bool = false, name: String? = nil, leaveOut: Int = 0) {
      (self.title, alignment, self.name) = (title, isNumeric ? .right : .left, name ?? title)
      self.leaveOut = leaveOut
    }
  }

  /// A cell's text, which is data and never markup, and its value.
  package struct Cell: Sendable, Hashable, ExpressibleByStringInterpolation {
    package var text: String
    package var isBold: Bool
    /// The value that programs read.
    package var value: JSONValue

    package init(_ text: String, isBold: Bool = false) {
      (self.text, self.isBold, value) = (text, isBold, .string(text))
    }

    package init(stringLiteral text: String) { self.init(text) }

    /// Creates a cell that shows people something else than the value.
    package init(_ text: String, value: JSONValue) { (self.text, isBold, self.value) = (text, false, value) }

    /// Creates a cell for programs, whose text is that of CSV.
    package init(value: JSONValue) { self.init(CSV.field(value), value: value) }

    /// A name that a user chose.
    package static func name(_ text: String) -> Cell { Cell(text) }

    /// A count, with its thousands apart for people.
    package static func count(_ count: Int) -> Cell { Cell(NumberText.count(count), value: .integer(count)) }

    /// A count that shows people nothing where it is zero or not known.
    package static func count(orEmpty count: Int?) -> Cell {
      Cell(count.flatMap { $0 == 0 ? nil : NumberText.count($0) } ?? "", value: count.map { .integer($0) } ?? .null)
    }

    /// A whole number as it is.
    package static func integer(_ value: some BinaryInteger) -> Cell {
      Cell("\(value)", value: .number(JSONNumber(value)))
    }

    /// A number in people's words; empty where there is none.
    package static func number(_ value: Double?, _ text: (Double) -> String) -> Cell {
      Cell(value.map(text) ?? "", value: .optional(value))
    }
  }

  package var columns: [Column]
  package var rows: [[Cell]]

  package init(columns: [Column], rows: [[Cell]]) { (self.columns, self.rows) = (columns, rows) }

  package init(_ columns: [Column], rows: [[Cell]] = []) { self.init(columns: columns, rows: rows) }

  /// Creates a table for people alone.
  package init(_ columns: [Column], texts: [[String]]) {
    self.init(columns: columns, rows: texts.map { $0.map { Cell($0) } })
  }

  /// Creates a table for programs alone.
  package init(names: [String], values: [[JSONValue]]) {
    self.init(names.map { Column($0) }, rows: values.map { $0.map { Cell(value: $0) } })
  }

  /// One object per row, with the values under the columns' names.
  package var json: JSONValue {
    .array(rows.map { row in .object(zip(columns, row).map { .init($0.name, $1.value) }) })
  }

  /// The values as comma-separated values, under the columns' names.
  package func csv(lineEnd: String = "\n") -> String {
    ([columns.map { CSV.text($0.name) }] + rows.map { row in row.map { CSV.field($0.value) } })
      .map { $0.joined(separator: ",") + lineEnd }.joined()
  }
}
