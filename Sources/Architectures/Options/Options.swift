/// Values that were checked against their ``OptionTable``: each is there, or has its default, and is of its kind.
///
/// So the accessors stop the program where a table and its reader disagree: that is a programmer's error.
package struct Options: Hashable, Sendable {
  private let values: [String: OptionValue]

  /// Creates options from checked values.
  package init(_ values: [String: OptionValue]) { self.values = values }

  /// The value of an option; `nil` where it was left out and has no default, and where it is `null`.
  package subscript(name: String) -> OptionValue? {
    let value = values[name]
    return value == .null ? nil : value
  }

  /// A whole number, where there is one.
  package func integerIfAny(_ name: String) -> Int? {
    if case .integer(let value)? = self[name] { value } else { nil }
  }

  /// A whole number.
  package func integer(_ name: String) -> Int { required(integerIfAny(name), name) }

  /// A number, where there is one.
  package func numberIfAny(_ name: String) -> Double? {
    switch self[name] {
    case .number(let value)?: value
    case .integer(let value)?: Double(value)
    default: nil
    }
  }

  /// A number.
  package func number(_ name: String) -> Double { required(numberIfAny(name), name) }

  /// A truth value.
  package func boolean(_ name: String) -> Bool {
    if case .boolean(let value)? = self[name] { value } else { required(nil, name) }
  }

  /// A text, where there is one.
  package func textIfAny(_ name: String) -> String? {
    if case .text(let value)? = self[name] { value } else { nil }
  }

  /// A text.
  package func text(_ name: String) -> String { required(textIfAny(name), name) }

  /// A list, where there is one.
  package func listIfAny(_ name: String) -> [OptionValue]? {
    if case .list(let value)? = self[name] { value } else { nil }
  }

  /// A list of whole numbers.
  package func integers(_ name: String) -> [Int] {
    required(listIfAny(name), name).map {
      if case .integer(let value) = $0 { value } else { required(nil, name) }
    }
  }

  /// A list of lists of whole numbers.
  package func lists(_ name: String) -> [[Int]] {
    required(listIfAny(name), name).map { Options(["": $0]).integers("") }
  }

  /// A list of numbers.
  package func numbers(_ name: String) -> [Double] {
    required(listIfAny(name), name).map {
      switch $0 {
      case .number(let value): value
      case .integer(let value): Double(value)
      default: required(nil, name)
      }
    }
  }

  /// A list of objects.
  package func objects(_ name: String) -> [Options] {
    required(listIfAny(name), name).map {
      if case .object(let value) = $0 { value } else { required(nil, name) }
    }
  }

  /// A list of texts, where there is one.
  package func textsIfAny(_ name: String) -> [String]? {
    listIfAny(name)?.map {
      if case .text(let value) = $0 { value } else { required(nil, name) }
    }
  }

  /// Names and values, in the order of the names.
  package var sorted: [(name: String, value: OptionValue)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Names and values as a person writes them, the `name` before all others: `step_lr (gamma 0.1, step_size 30)`.
  var text: String {
    let rest = sorted.filter { $0.name != "name" }.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
    guard let name = textIfAny("name") else { return rest }
    return rest.isEmpty ? name : "\(name) (\(rest))"
  }

  /// The property that an option stands for.
  func value<Property: OptionRepresentable>(_ name: String) -> Property {
    required(Property(optionValue: self[name]), name)
  }

  func required<Value>(_ value: Value?, _ name: String) -> Value {
    guard let value else { preconditionFailure("option \(name) is \(String(describing: values[name])): not checked?") }
    return value
  }
}
