/// YAML, as far as values that JSON has go: blocks for lists and objects, every text in double quotes as JSON has it.
package enum YAML {
  /// A document with a line feed at its end.
  package static func text(_ value: JSONValue) -> String { lines(value).map { "\($0)\n" }.joined() }

  private static func lines(_ value: JSONValue) -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty:
      members.flatMap { member in entry("\(key(member.key)):", member.value, inset: "  ") }
    case .array(let elements) where !elements.isEmpty:
      elements.flatMap { element in
        let inner = lines(element)
        return ["- \(inner[0])"] + inner.dropFirst().map { "  \($0)" }
      }
    default: [value.compactText]
    }
  }

  private static func entry(_ head: String, _ value: JSONValue, inset: String) -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty: [head] + lines(value).map { inset + $0 }
    case .array(let elements) where !elements.isEmpty: [head] + lines(value).map { inset + $0 }
    default: ["\(head) \(value.compactText)"]
    }
  }

  /// A key of letters alone stands without quotes, unless YAML has another meaning for the word.
  private static func key(_ text: String) -> String {
    let isWord = !text.isEmpty && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    let hasMeaning = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
    return isWord && !hasMeaning ? text : JSONValue.string(text).compactText
  }
}
