/// One option of a layer, a family, an optimizer …: what a reader checks, what a schema says and what a manual prints.
package struct Option: Hashable, Sendable {
  /// The name, in PyTorch's words where PyTorch has it.
  package let name: String
  /// What values it takes.
  package let kind: OptionKind
  /// The value it has where it is not given; `nil` makes it required, unless it is ``isOptional``.
  package let defaultValue: OptionValue?
  /// Whether it may be left out although it has no default.
  package let isOptional: Bool
  /// The value with which the option does nothing, so that reports need not speak of it: the default, unless the
  /// default does something too (AdamW's weight decay).
  package let inertValue: OptionValue?
  /// The name as a sentence has it: `weight decay`, `Nesterov`.
  package let title: String
  /// One sentence for people.
  package let documentation: String

  init(
    _ name: String, _ kind: OptionKind, default defaultValue: OptionValue? = nil, optional: Bool = false,
    inert: OptionValue? = nil, title: String? = nil, _ documentation: String
  ) {
    (self.name, self.kind, self.defaultValue) = (name, kind, defaultValue)
    (self.isOptional, self.documentation) = (optional, documentation)
    inertValue = inert ?? defaultValue
    self.title = title ?? name.split(separator: "_").joined(separator: " ")
  }

  /// Creates an option that must be given, or has a default.
  package static func option(
    _ name: String, _ kind: OptionKind, default defaultValue: OptionValue? = nil, _ documentation: String
  ) -> Option {
    Option(name, kind, default: defaultValue, documentation)
  }

  /// Creates an option that may be left out and then has no value.
  package static func optional(_ name: String, _ kind: OptionKind, _ documentation: String) -> Option {
    Option(name, kind, optional: true, documentation)
  }
}
