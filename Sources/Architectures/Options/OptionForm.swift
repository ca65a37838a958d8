/// A table of options and the values that they describe: each option is declared once, with the property that it sets.
struct OptionForm<Value: Sendable>: Sendable {
  /// What a reader checks, a schema says and a manual prints.
  let table: OptionTable
  /// The value whose properties are the options' defaults.
  private let template: Value
  private let fields: [OptionField<Value>]

  /// - Parameters:
  ///   - template: the value whose properties are the defaults; those of options that must be given don't matter.
  ///   - fields: the options, in the order of manuals and canonical texts.
  ///   - more: options that set no property: they come first in the table.
  init(
    _ name: String, _ documentation: String, _ template: Value, more: [Option] = [], _ fields: [OptionField<Value>]
  ) {
    (self.template, self.fields) = (template, fields)
    table = OptionTable(name, documentation, more + fields.map { $0.option(template) })
  }

  /// The value that checked options describe.
  func value(_ options: Options) -> Value {
    var value = template
    for field in fields { field.set(&value, options) }
    return value
  }

  /// The options that describe a value, defaults written out, in the table's order.
  func options(of value: Value) -> [DescribedOption] {
    fields.compactMap { field in
      field.value(value).map {
        DescribedOption(name: field.name, value: $0, isDefault: field.isDefault(value, template))
      }
    }
  }
}

/// An option, its value, and whether the value goes without saying.
struct DescribedOption: Sendable {
  let name: String
  let value: OptionValue
  let isDefault: Bool
}

extension [DescribedOption] {
  /// Names and values.
  var pairs: [(name: String, value: OptionValue)] { map { ($0.name, $0.value) } }
}

/// One option of an ``OptionForm``: how it is declared, how it sets a property and how it is had from one.
struct OptionField<Value: Sendable>: Sendable {
  let name: String
  /// The declaration, with the default that a template has.
  fileprivate let option: @Sendable (Value) -> Option
  fileprivate let set: @Sendable (inout Value, Options) -> Void
  /// The option's value; `nil` leaves it out.
  fileprivate let value: @Sendable (Value) -> OptionValue?
  /// Whether a value has the option as the template has it.
  fileprivate let isDefault: @Sendable (Value, _ template: Value) -> Bool

  /// An option whose default is what the template has.
  static func option<Property: OptionRepresentable>(
    _ name: String, _ kind: OptionKind, _ property: WritableKeyPath<Value, Property> & Sendable,
    inert: OptionValue? = nil, title: String? = nil, _ documentation: String
  ) -> OptionField {
    OptionField(
      name: name,
      option: { template in
        Option(
          name, kind, default: template[keyPath: property].optionValue, inert: inert, title: title, documentation)
      },
      set: { $0[keyPath: property] = $1.value(name) }, value: { $0[keyPath: property].optionValue },
      isDefault: { $0[keyPath: property] == $1[keyPath: property] })
  }

  /// An option that must be given.
  static func required<Property: OptionRepresentable>(
    _ name: String, _ kind: OptionKind, _ property: WritableKeyPath<Value, Property> & Sendable,
    _ documentation: String
  ) -> OptionField {
    OptionField(
      name: name, option: { _ in Option(name, kind, documentation) },
      set: { $0[keyPath: property] = $1.value(name) }, value: { $0[keyPath: property].optionValue },
      isDefault: { _, _ in false })
  }

  /// Rows and columns: one number for both, or a list with one for each; a sequence's rows are `minimum`.
  static func extent(
    _ name: String, _ rank: SpatialRank, from minimum: Int = 1, isRequired: Bool = false,
    _ property: WritableKeyPath<Value, Extent> & Sendable, _ documentation: String
  ) -> OptionField {
    OptionField(
      name: name,
      option: { template in
        Option(
          name, .extent(rank, from: minimum), default: isRequired ? nil : template[keyPath: property].value(rank),
          documentation)
      },
      set: { $0[keyPath: property] = $1.extent(name, rank, flat: minimum) },
      value: { $0[keyPath: property].value(rank) },
      isDefault: { !isRequired && $0[keyPath: property] == $1[keyPath: property] })
  }

  /// A list of two numbers.
  static func pair(
    _ name: String, _ kind: OptionKind, _ first: WritableKeyPath<Value, Double> & Sendable,
    _ second: WritableKeyPath<Value, Double> & Sendable, _ documentation: String
  ) -> OptionField {
    @Sendable func list(_ value: Value) -> OptionValue {
      .list([.number(value[keyPath: first]), .number(value[keyPath: second])])
    }
    return OptionField(
      name: name,
      option: { Option(name, .list(kind, count: 2...2), default: list($0), documentation) },
      set: { value, options in
        let numbers = options.numbers(name)
        (value[keyPath: first], value[keyPath: second]) = (numbers[0], numbers[1])
      },
      value: list, isDefault: { list($0) == list($1) })
  }

  /// An option that is read and written by hand.
  static func option(
    _ option: Option, set: @escaping @Sendable (inout Value, Options) -> Void,
    value: @escaping @Sendable (Value) -> OptionValue?, isDefault: @escaping @Sendable (Value) -> Bool
  ) -> OptionField {
    OptionField(
      name: option.name, option: { _ in option }, set: set, value: value, isDefault: { value, _ in isDefault(value) })
  }
}
