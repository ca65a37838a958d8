/// Values that were checked against their ``OptionTable``: each is there, or has its default, and is of its kind.
///
/// So the accessors stop the program where a table and its reader disagree: that is a programmer's error.
public struct Options: Hashable, Sendable {
  private let values: [String: OptionValue]

  /// Creates options from checked values.
  public init(_ values: [String: OptionValue]) { self.values = values }

  /// The value of an option; `nil` where it was left out and has no default, and where it is `null`.
  public subscript(name: String) -> OptionValue? {
    let value = values[name]
    return value == .null ? nil : value
  }

  /// A whole number, where there is one.
  public func integerIfAny(_ name: String) -> Int? {
    if case .integer(let value)? = self[name] { value } else { nil }
  }

  /// A whole number.
  public func integer(_ name: String) -> Int { required(integerIfAny(name), name) }

  /// A number, where there is one.
  public func numberIfAny(_ name: String) -> Double? {
    switch self[name] {
    case .number(let value)?: value
    case .integer(let value)?: Double(value)
    default: nil
    }
  }

  /// A number.
  public func number(_ name: String) -> Double { required(numberIfAny(name), name) }

  /// A truth value.
  public func boolean(_ name: String) -> Bool {
    if case .boolean(let value)? = self[name] { value } else { required(nil, name) }
  }

  /// A text, where there is one.
  public func textIfAny(_ name: String) -> String? {
    if case .text(let value)? = self[name] { value } else { nil }
  }

  /// A text.
  public func text(_ name: String) -> String { required(textIfAny(name), name) }

  /// A list, where there is one.
  public func listIfAny(_ name: String) -> [OptionValue]? {
    if case .list(let value)? = self[name] { value } else { nil }
  }

  /// A list of whole numbers.
  public func integers(_ name: String) -> [Int] {
    required(listIfAny(name), name).map {
      if case .integer(let value) = $0 { value } else { required(nil, name) }
    }
  }

  /// A list of numbers.
  public func numbers(_ name: String) -> [Double] {
    required(listIfAny(name), name).map {
      switch $0 {
      case .number(let value): value
      case .integer(let value): Double(value)
      default: required(nil, name)
      }
    }
  }

  /// A list of texts, where there is one.
  public func textsIfAny(_ name: String) -> [String]? {
    listIfAny(name)?.map {
      if case .text(let value) = $0 { value } else { required(nil, name) }
    }
  }

  /// Rows and columns: one number for both, or a list with one for each; a 1-D layer's rows are `flat`.
  func extentIfAny(_ name: String, _ rank: SpatialRank, flat: Int) -> Extent? {
    let sides: [Int]
    switch self[name] {
    case .integer(let side)?: sides = [side]
    case .list(_)?: sides = integers(name)
    default: return nil
    }
    switch (rank, sides.count) {
    case (.one, 1): return Extent(flat, sides[0])
    case (.two, 1): return Extent(sides[0])
    case (.two, 2): return Extent(sides[0], sides[1])
    default: return required(nil, name)
    }
  }

  func extent(_ name: String, _ rank: SpatialRank, flat: Int) -> Extent {
    required(extentIfAny(name, rank, flat: flat), name)
  }

  /// Names and values, in the order of the names.
  public var sorted: [(name: String, value: OptionValue)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The property that an option stands for.
  func value<Property: OptionRepresentable>(_ name: String) -> Property {
    required(Property(optionValue: self[name]), name)
  }

  private func required<Value>(_ value: Value?, _ name: String) -> Value {
    guard let value else { preconditionFailure("option \(name) is \(String(describing: values[name])): not checked?") }
    return value
  }
}
