import Presentation

extension StudyConfiguration {
  /// What the configuration says at a path such as `optimizer.lr`, as text: as its study's table shows it, or else as
  /// the resolved configuration has it; `nil` where it has nothing there.
  public func value(at path: String) -> String? {
    settings.first { $0.path == path }?.value ?? Self.text(at: path, of: configuration.json)
  }

  /// The same of a configuration that was read as JSON from its ``storedJSON``, which is quicker than to read it whole.
  package static func value(at path: String, inStored stored: JSONValue) -> String? {
    let setting = (stored["settings"]?.array ?? []).first { $0.array?.first?.string == path }
    return setting?.array?.last?.string ?? stored["configuration"].flatMap { text(at: path, of: $0) }
  }

  private static func text(at path: String, of configuration: JSONValue) -> String? {
    let value = path.split(separator: ".").reduce(Optional(configuration)) { $0?[String($1)] }
    guard let value, value != .null else { return nil }
    return value.string ?? value.compactText
  }
}
