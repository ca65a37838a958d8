/// A place in what the user wrote: a grid file, or an override given on the command line.
package struct SourcePosition: Hashable, Sendable {
  /// 0 for the grid file, −k for the k-th file that it extends, k for the k-th override.
  package var source: Int32
  /// The line, from 1.
  package var line: Int32
  /// The column in characters (Unicode scalars), from 1.
  package var column: Int32

  /// Creates a position.
  package init(source: Int32 = 0, line: Int32, column: Int32) {
    (self.source, self.line, self.column) = (source, line, column)
  }
}

/// A JSON value that knows where it stands.
package struct JSONNode: Sendable {
  /// Where its first character stands.
  package var position: SourcePosition
  /// The content.
  package var content: Content

  /// The content of a node.
  package enum Content: Sendable {
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
  package struct Member: Sendable {
    /// The key.
    package var key: String
    /// Where the key stands.
    package var keyPosition: SourcePosition
    /// The value.
    package var value: JSONNode

    /// Creates a member.
    package init(key: String, keyPosition: SourcePosition, value: JSONNode) {
      (self.key, self.keyPosition, self.value) = (key, keyPosition, value)
    }
  }

  /// Creates a value.
  package init(position: SourcePosition, content: Content) { (self.position, self.content) = (position, content) }

  /// The members, where it is an object.
  package var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// The elements, where it is a list.
  package var elements: [JSONNode]? {
    if case .array(let elements) = content { elements } else { nil }
  }

  /// The string, where it is one.
  package var string: String? {
    if case .string(let string) = content { string } else { nil }
  }

  /// The member with a key; `nil` where there is none, and for all but objects.
  package subscript(key: String) -> Member? { members?.first { $0.key == key } }

  /// The value without positions.
  package var value: JSONValue {
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
