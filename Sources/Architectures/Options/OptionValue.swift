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
    }
  }
}
