/// Why options that are each allowed do not go together.
package struct OptionError: Error, Hashable, Sendable {
  /// The option to look at first.
  package let option: String
  /// What was found, what is allowed.
  package let message: String

  /// Creates an error.
  package init(option: String, _ message: String) { (self.option, self.message) = (option, message) }
}
