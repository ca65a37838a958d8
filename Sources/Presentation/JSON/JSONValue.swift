/// A JSON value as a program builds it: no positions, the members of an object in the order in which they were put.
package enum JSONValue: Hashable, Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// A number, kept as its text.
  case number(JSONNumber)
  /// A string.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Members in order; their keys differ.
  case object([Member])

  /// A key and its value.
  package struct Member: Hashable, Sendable {
    /// The key.
    package var key: String
    /// The value.
    package var value: JSONValue

    /// Creates a member.
    package init(_ key: String, _ value: JSONValue) { (self.key, self.value) = (key, value) }
  }

  /// A whole number.
  package static func integer(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

  /// A number as the shortest text that reads back as the same `Double`.
  ///
  /// JSON has no NaN and no infinity: they are the strings `NaN`, `Infinity` and `-Infinity`, which no one takes for a
  /// measured number.
  package static func double(_ value: Double) -> JSONValue {
    value.isFinite ? .number(JSONNumber(value)) : .string(NumberText.exact(value))
  }

  /// A number that may be missing.
  package static func optional(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }

  /// A whole number that may be missing.
  package static func optional(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }

  /// A text that may be missing.
  package static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  /// The value of a member; `nil` where there is none, and for all but objects.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The string, where it is one.
  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The number, where it is one.
  package var double: Double? {
    if case .number(let value) = self { value.double } else { nil }
  }

  /// The whole number, where it is one that an `Int` holds.
  package var int: Int? {
    if case .number(let value) = self { value.int } else { nil }
  }

  /// The list, where it is one.
  package var array: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Creates a string.
  package init(stringLiteral value: String) { self = .string(value) }
  /// Creates a whole number.
  package init(integerLiteral value: Int) { self = .integer(value) }
  /// Creates a truth value.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Creates a list.
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Creates an object whose members keep the order of the literal.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}

/// A JSON number, kept as it was written, so that no digit is lost before its reader says what it wants.
package struct JSONNumber: Sendable {
  /// The text, as RFC 8259 allows it.
  package let text: String
  /// To how many significant digits people are shown the number; 0 is all. Two numbers may differ in it and be equal.
  package var shownDigits: UInt8 = 0

  /// Creates a number from a text that was checked against RFC 8259's grammar.
  package init(checked text: String) { self.text = text }

  /// Creates a whole number.
  package init(_ value: some BinaryInteger) { text = "\(value)" }

  /// Creates the shortest text that reads back as the same value; it must be finite.
  package init(_ value: Double) {
    precondition(value.isFinite, "JSON has no number for \(value)")
    text = NumberText.exact(value)
  }

  /// The nearest `Double`; infinite where the number is too large for one.
  package var double: Double { Double(text) ?? .infinity }

  /// The number where it is whole and an `Int` holds it: `5`, `5.0` and `5e0` alike.
  package var int: Int? { Int(text) ?? whole.flatMap { Int(exactly: $0) } }

  /// The number where it is whole and a `UInt64` holds it.
  package var uint64: UInt64? { UInt64(text) ?? whole.flatMap { UInt64(exactly: $0) } }

  /// A number written with a point or an exponent, where it is whole and a `Double` still tells it from its neighbours.
  private var whole: Double? {
    let value = double
    return abs(value) < 9_007_199_254_740_992 && value == value.rounded() ? value : nil
  }
}

extension JSONNumber: Hashable {
  /// Equal as numbers: `0.10` equals `0.1`, and `5` equals `5.0`.
  package static func == (one: JSONNumber, other: JSONNumber) -> Bool {
    if one.text == other.text { return true }
    if let a = one.int, let b = other.int { return a == b }
    if let a = one.uint64, let b = other.uint64 { return a == b }
    return one.int == nil && other.int == nil && one.uint64 == nil && other.uint64 == nil && one.double == other.double
  }

  /// Feeds what equality looks at.
  package func hash(into hasher: inout Hasher) { hasher.combine(double) }
}
