/// A property that is one option.
protocol OptionRepresentable: Hashable, SendableMetatype {
  /// The property of a checked option; `nil` stands for an option that was left out or is `null`.
  init?(optionValue: OptionValue?)
  /// The option's value.
  var optionValue: OptionValue { get }
}

extension Bool: OptionRepresentable {
  init?(optionValue: OptionValue?) {
    guard case .boolean(let value)? = optionValue else { return nil }
    self = value
  }

  var optionValue: OptionValue { .boolean(self) }
}

extension Int: OptionRepresentable {
  init?(optionValue: OptionValue?) {
    guard case .integer(let value)? = optionValue else { return nil }
    self = value
  }

  var optionValue: OptionValue { .integer(self) }
}

extension Double: OptionRepresentable {
  init?(optionValue: OptionValue?) {
    switch optionValue {
    case .number(let value)?: self = value
    case .integer(let value)?: self = Double(value)
    default: return nil
    }
  }

  var optionValue: OptionValue { .number(self) }
}

extension Optional: OptionRepresentable where Wrapped: OptionRepresentable {
  init?(optionValue: OptionValue?) { self = Wrapped(optionValue: optionValue) }

  var optionValue: OptionValue { self?.optionValue ?? .null }
}

extension Array: OptionRepresentable where Element: OptionRepresentable {
  init?(optionValue: OptionValue?) {
    guard case .list(let values)? = optionValue else { return nil }
    self = values.compactMap { Element(optionValue: $0) }
    guard count == values.count else { return nil }
  }

  var optionValue: OptionValue { .list(map(\.optionValue)) }
}

extension OptionRepresentable where Self: RawRepresentable<String> {
  init?(optionValue: OptionValue?) {
    guard case .text(let text)? = optionValue else { return nil }
    self.init(rawValue: text)
  }

  var optionValue: OptionValue { .text(rawValue) }
}
