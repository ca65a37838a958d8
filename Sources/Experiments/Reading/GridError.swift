/// One thing that is wrong with a grid: where, what was found, what is allowed, how to correct it.
package struct GridError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of thing is wrong.
  package enum Kind: Hashable, Sendable {
    /// The text is not JSON.
    case syntax
    /// The grid says what it may not say.
    case content
    /// The data set that it names can't be had.
    case dataset
  }

  /// What kind of thing is wrong.
  package var kind: Kind
  /// The file with line and column, `grid.json:12:5`, or the override of the command line.
  package var place: String
  /// What was found there, what is allowed, how to correct it.
  package var message: String

  /// Place and message: `grid.json:12:5: optimizer.name is "adm"; expected one of sgd, adam, …`
  package var description: String { "\(place): \(message)" }
}

/// Everything that is wrong with a grid, in the order of the file.
package struct GridErrors: Error, Hashable, Sendable, CustomStringConvertible {
  /// The errors; never empty.
  package var errors: [GridError]
  /// Errors that were found and are not listed.
  package var omitted = 0

  /// One line per error.
  package var description: String {
    errors.map(\.description).joined(separator: "\n") + (omitted > 0 ? "\n… and \(omitted) more" : "")
  }
}
