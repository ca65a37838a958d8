import Presentation

/// A file of a job folder that is not as it should be; whoever reads it adds the path.
struct JobFileError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// The members of a JSON object that a job folder's file holds.
struct JobFields {
  private let object: JSONValue

  init(_ object: JSONValue) { self.object = object }

  func text(_ key: String) throws -> String { try Self.text(try member(key), key) }
  func number(_ key: String) throws -> Double { try Self.number(try member(key), key) }
  func int(_ key: String) throws -> Int { try Self.whole(try member(key), key) }

  func array(_ key: String) throws -> [JSONValue] {
    guard let value = try member(key).array else { throw JobFileError("\(key) is not a list") }
    return value
  }

  private func member(_ key: String) throws -> JSONValue {
    guard let value = object[key] else { throw JobFileError("it has no member \(key)") }
    return value
  }

  static func text(_ value: JSONValue, _ key: String) throws -> String {
    guard let text = value.string else { throw JobFileError("\(key) is not a text") }
    return text
  }

  static func number(_ value: JSONValue, _ key: String) throws -> Double {
    guard let number = value.double, number.isFinite else { throw JobFileError("\(key) is not a number") }
    return number
  }

  static func whole(_ value: JSONValue, _ key: String) throws -> Int {
    guard let number = value.int else { throw JobFileError("\(key) is not a whole number") }
    return number
  }
}
