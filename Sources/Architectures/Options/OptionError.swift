/// Why options that are each allowed do not go together.
public struct OptionError: Error, Hashable, Sendable {
  /// The option to look at first.
  public let option: String
  /// What was found, what is allowed.
  public let message: String

  /// Creates an error.
  public init(option: String, _ message: String) { (self.option, self.message) = (option, message) }
}
