/// A place in what the user wrote: a grid file, or an override given on the command line.
public struct SourcePosition: Hashable, Sendable {
  /// 0 for the grid file, k for the k-th override.
  public var source: Int32
  /// The line, from 1.
  public var line: Int32
  /// The column in characters (Unicode scalars), from 1.
  public var column: Int32

  /// Creates a position.
  public init(source: Int32 = 0, line: Int32, column: Int32) {
    (self.source, self.line, self.column) = (source, line, column)
  }
}

/// A JSON value that knows where it stands.
public struct JSONNode: Sendable {
  /// Where its first character stands.
  public var position: SourcePosition
  /// What it is.
  public var content: Content

  /// What a node is.
  public enum Content: Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number.
    case number(JSONNumber)
    /// A string.
    case string(String)
    /// A list.
    case array([JSONNode])
    /// An object.
    case object([Member])
  }

  /// A key, where it stands, and its value.
  public struct Member: Sendable {
    /// The key.
    public var key: String
    /// Where the key stands.
    public var keyPosition: SourcePosition
    /// The value.
    public var value: JSONNode
  }

  /// The members, where it is an object.
  public var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The elements, where it is a list.
  public var elements: [JSONNode]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The string, where it is one.
  public var string: String? {
    if case .string(let string) = content { string } else { nil }
  }

  /// The member with a key; `nil` where there is none, and for all but objects.
  public subscript(key: String) -> Member? { members?.first { $0.key == key } }

  /// The value without positions.
  public var value: JSONValue {
    switch content {
    case .null: .null
    case .bool(let value): .bool(value)
    case .number(let value): .number(value)
    case .string(let value): .string(value)
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.map { JSONValue.Member($0.key, $0.value.value) })
    }
  }
}
