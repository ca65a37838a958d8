/// A JSON value that keeps its keys in the order given.
package enum JSONText {
  case object([(String, JSONText)])
  /// An object on one line, however many members it has.
  case line([(String, JSONText)])
  case array([JSONText])
  case string(String)
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case bool(Bool)
  case null

  /// A number that may be missing.
  package static func optional(_ value: Double?) -> JSONText { value.map { .number($0) } ?? .null }

  /// A text that may be missing.
  package static func optional(_ value: String?) -> JSONText { value.map { .string($0) } ?? .null }

  /// The value with two spaces of indentation; values that hold no other containers stand on one line.
  package var pretty: String {
    var text = ""
    write(to: &text, indent: "", isCompact: false)
    return text + "\n"
  }

  /// The value without white space, safe inside an HTML script element.
  package var compact: String {
    var text = ""
    write(to: &text, indent: "", isCompact: true)
    return text
  }

  private var isFlat: Bool {
    switch self {
    case .object(let members), .line(let members): !members.contains { $0.1.isContainer }
    case .array(let items): !items.contains(where: \.isContainer)
    default: true
    }
  }

  private var isContainer: Bool {
    switch self {
    case .object, .line, .array: true
    default: false
    }
  }

  private func write(to text: inout String, indent: String, isCompact: Bool) {
    switch self {
    case .object(let members):
      Self.list(members, isFlat && members.count < 12, &text, indent, isCompact)
    case .line(let members): Self.list(members, true, &text, indent, isCompact)
    case .array(let items):
      Self.list(items, "[", "]", isFlat, &text, indent, isCompact) { item, text, indent in
        item.write(to: &text, indent: indent, isCompact: isCompact)
      }
    case .string(let value): Self.quote(value, to: &text)
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    // JSON has no NaN and no infinity: they are strings, which no one takes for a measured number.
    case .number(let value): text += value.isFinite ? NumberText.exact(value) : "\"\(NumberText.exact(value))\""
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    }
  }

  private static func list(
    _ members: [(String, JSONText)], _ isOnOneLine: Bool, _ text: inout String, _ indent: String, _ isCompact: Bool
  ) {
    list(members, "{", "}", isOnOneLine, &text, indent, isCompact) { member, text, indent in
      quote(member.0, to: &text)
      text += isCompact ? ":" : ": "
      member.1.write(to: &text, indent: indent, isCompact: isCompact)
    }
  }

  private static func list<Item>(
    _ items: [Item], _ open: String, _ close: String, _ isOnOneLine: Bool, _ text: inout String, _ indent: String,
    _ isCompact: Bool, _ write: (Item, inout String, String) -> Void
  ) {
    text += open
    let inner = indent + "  "
    for (index, item) in items.enumerated() {
      if index > 0 { text += isCompact ? "," : (isOnOneLine ? ", " : ",") }
      if !isCompact, !isOnOneLine { text += "\n" + inner }
      write(item, &text, inner)
    }
    if !isCompact, !isOnOneLine, !items.isEmpty { text += "\n" + indent }
    text += close
  }

  /// Whether a byte stands for itself inside a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    if value.utf8.allSatisfy(isPlain) {
      text += value + "\""
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      // Nothing in a script element may look like its end or a comment.
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{00}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
