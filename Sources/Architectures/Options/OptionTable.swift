/// A named list of options.
package struct OptionTable: Hashable, Sendable {
  /// The name by which a grid chooses the table: `conv2d`, `cnn`, `sgd`.
  package let name: String
  /// What it is, in a sentence.
  package let documentation: String
  /// The options, in the order of manuals and canonical texts.
  package let options: [Option]

  /// Creates a table.
  package init(_ name: String, _ documentation: String, _ options: [Option]) {
    (self.name, self.documentation, self.options) = (name, documentation, options)
  }

  /// The option of a name.
  package func option(_ name: String) -> Option? { options.first { $0.name == name } }

  /// The values given, and the default of every option that is not.
  ///
  /// - Parameter given: values that were checked against the table.
  package func filled(_ given: [String: OptionValue]) -> Options {
    var values = given
    for option in options where values[option.name] == nil { values[option.name] = option.defaultValue }
    return Options(values)
  }
}
