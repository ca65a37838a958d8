/// One option of a layer, a family, an optimizer …: what a reader checks, what a schema says and what a manual prints.
public struct Option: Hashable, Sendable {
  /// The name, in PyTorch's words where PyTorch has it.
  public let name: String
  /// What values it takes.
  public let kind: OptionKind
  /// The value it has where it is not given; `nil` makes it required, unless it is ``isOptional``.
  public let defaultValue: OptionValue?
  /// Whether it may be left out although it has no default.
  public let isOptional: Bool
  /// One sentence for people.
  public let documentation: String

  init(
    _ name: String, _ kind: OptionKind, default defaultValue: OptionValue? = nil, optional: Bool = false,
    _ documentation: String
  ) {
    (self.name, self.kind, self.defaultValue) = (name, kind, defaultValue)
    (self.isOptional, self.documentation) = (optional, documentation)
  }

  /// Creates an option that must be given, or has a default.
  public static func option(
    _ name: String, _ kind: OptionKind, default defaultValue: OptionValue? = nil, _ documentation: String
  ) -> Option {
    Option(name, kind, default: defaultValue, documentation)
  }

  /// Creates an option that may be left out and then has no value.
  public static func optional(_ name: String, _ kind: OptionKind, _ documentation: String) -> Option {
    Option(name, kind, optional: true, documentation)
  }
}

/// The values that an option takes.
public indirect enum OptionKind: Hashable, Sendable {
  /// `true` or `false`
  case boolean
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(NumberRange)
  /// A text of 1 to so many characters.
  case text(Int)
  /// One of some words.
  case choice([String])
  /// A list of values of one kind.
  case list(OptionKind, count: ClosedRange<Int>)
  /// `null`
  case null
  /// A value of one of several kinds.
  case either([OptionKind])
  /// An object with options of its own.
  case object(OptionTable)
}

/// The numbers from one bound to another.
public struct NumberRange: Hashable, Sendable {
  /// The lower bound.
  public let minimum: Double
  /// The upper bound.
  public let maximum: Double
  /// Whether the lower bound itself is left out.
  public let excludesMinimum: Bool
  /// Whether the upper bound itself is left out.
  public let excludesMaximum: Bool

  /// Creates a range; both bounds belong to it unless they are excluded.
  public init(_ range: ClosedRange<Double>, excludesMinimum: Bool = false, excludesMaximum: Bool = false) {
    (minimum, maximum) = (range.lowerBound, range.upperBound)
    (self.excludesMinimum, self.excludesMaximum) = (excludesMinimum, excludesMaximum)
  }

  /// Whether a number lies in the range.
  public func contains(_ value: Double) -> Bool {
    (excludesMinimum ? value > minimum : value >= minimum) && (excludesMaximum ? value < maximum : value <= maximum)
  }
}

/// A named list of options.
public struct OptionTable: Hashable, Sendable {
  /// The name by which a grid chooses the table: `conv2d`, `cnn`, `sgd`.
  public let name: String
  /// What it is, in a sentence.
  public let documentation: String
  /// The options, in the order of manuals and canonical texts.
  public let options: [Option]

  /// Creates a table.
  public init(_ name: String, _ documentation: String, _ options: [Option]) {
    (self.name, self.documentation, self.options) = (name, documentation, options)
  }

  /// The option of a name.
  public func option(_ name: String) -> Option? { options.first { $0.name == name } }
}

extension OptionTable {
  /// The values given, and the default of every option that is not.
  ///
  /// - Parameter given: values that were checked against the table.
  public func filled(_ given: [String: OptionValue]) -> Options {
    var values = given
    for option in options where values[option.name] == nil { values[option.name] = option.defaultValue }
    return Options(values)
  }
}
