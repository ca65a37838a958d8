import Presentation

/// The value of an option, as grids, stores and weight files exchange it.
package enum OptionValue: Hashable, Sendable {
  /// No value.
  case null
  /// A truth value.
  case boolean(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// A text.
  case text(String)
  /// A list.
  case list([OptionValue])
  /// Options with options of their own.
  case object(Options)
  /// A layer, whole.
  case described(DescribedValue)
}

/// A value of another type that options describe.
package struct DescribedValue: Hashable, Sendable {
  /// The value.
  package let value: any OptionDescribed

  /// Carries a value.
  package init(_ value: any OptionDescribed) { self.value = value }

  /// Whether both are of one type and equal.
  package static func == (first: DescribedValue, second: DescribedValue) -> Bool {
    first.value.isEqual(to: second.value)
  }

  /// Hashes the value.
  package func hash(into hasher: inout Hasher) { value.hash(into: &hasher) }
}

/// What options describe.
package protocol OptionDescribed: Hashable, Sendable {
  /// The options, under their names.
  var described: Options { get }
}

extension OptionDescribed {
  fileprivate func isEqual(to other: any OptionDescribed) -> Bool { (other as? Self) == self }
}

extension OptionValue {
  /// The value as a person writes it.
  package var text: String {
    switch self {
    case .null: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): NumberText.exact(value)
    case .text(let text): text
    case .list(let values): values.map(\.text).joined(separator: " × ")
    case .object(let options): options.text
    case .described(let value): value.value.described.text
    }
  }
}
