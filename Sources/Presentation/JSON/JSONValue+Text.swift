extension JSONValue {
  /// The value in one line, without spaces.
  package var compactText: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value over several lines, indented by two spaces; what fits into 100 characters stays in one line.
  package var prettyText: String {
    var text = ""
    writePretty(to: &text, indent: "")
    return text
  }

  /// The compact text, safe inside an HTML script element.
  package var markupSafeText: String {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return Self.withoutMarkup.text(of: bytes)
  }

  /// The value as a file that git shows line by line, safe inside an HTML script element: indented by two spaces, with
  /// a line for each list that holds no other, for each such object in a list, and for each such object of fewer than
  /// twelve members. Ends with a line feed.
  package var documentText: String {
    var bytes: [UInt8] = []
    writeDocument(to: &bytes, indent: 0, isElement: false)
    bytes.append(UInt8(ascii: "\n"))
    return Self.withoutMarkup.text(of: bytes)
  }

  /// Nothing in a script element may look like its end or a comment, and old parsers take two separators of Unicode for
  /// line ends. All five stand in strings only, where an escape means the same.
  private static let withoutMarkup = Replacements([
    ("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029"),
  ])

  private func writeDocument(to bytes: inout [UInt8], indent: Int, isElement: Bool) {
    switch self {
    case .null, .bool, .number, .string: write(to: &bytes)
    case .array(let elements):
      let line = elements.contains(where: \.isContainer) ? indent + 2 : nil
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        Self.writeSeparator(index, line, to: &bytes)
        element.writeDocument(to: &bytes, indent: indent + 2, isElement: true)
      }
      if line != nil { Self.writeLine(indent, to: &bytes) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      let isLong = members.count >= 12 && !isElement
      let line = isLong || members.contains(where: \.value.isContainer) ? indent + 2 : nil
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        Self.writeSeparator(index, line, to: &bytes)
        writeJSONString(member.key, to: &bytes)
        bytes += ": ".utf8
        member.value.writeDocument(to: &bytes, indent: indent + 2, isElement: false)
      }
      if line != nil { Self.writeLine(indent, to: &bytes) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Writes the separator before an element: a comma behind another, and a new line where each has its own.
  private static func writeSeparator(_ index: Int, _ line: Int?, to bytes: inout [UInt8]) {
    if index > 0 { bytes += (line == nil ? ", " : ",").utf8 }
    if let line { writeLine(line, to: &bytes) }
  }

  private static func writeLine(_ indent: Int, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// Appends the compact text in UTF-8.
  package func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .number(let number): bytes += number.text.utf8
    case .string(let string): writeJSONString(string, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        writeJSONString(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private func writePretty(to text: inout String, indent: String) {
    let line = spacedText(limit: 100 - indent.count)
    if let line {
      text += line
      return
    }
    let inner = indent + "  "
    switch self {
    case .array(let elements):
      text += "[\n"
      for (index, element) in elements.enumerated() {
        text += inner
        element.writePretty(to: &text, indent: inner)
        text += index + 1 < elements.count ? ",\n" : "\n"
      }
      text += indent + "]"
    case .object(let members):
      text += "{\n"
      for (index, member) in members.enumerated() {
        text += inner + JSONValue.string(member.key).compactText + ": "
        member.value.writePretty(to: &text, indent: inner)
        text += index + 1 < members.count ? ",\n" : "\n"
      }
      text += indent + "}"
    default: text += compactText
    }
  }

  /// The value in one line with spaces after commas and colons; `nil` where that passes the limit.
  private func spacedText(limit: Int) -> String? {
    guard limit > 0 else { return nil }
    var text: String
    switch self {
    case .null, .bool, .number, .string: text = compactText
    case .array(let elements):
      text = "["
      for element in elements {
        guard let part = element.spacedText(limit: limit - text.count) else { return nil }
        text += (text.count > 1 ? ", " : "") + part
      }
      text += "]"
    case .object(let members):
      text = "{"
      for member in members {
        guard let part = member.value.spacedText(limit: limit - text.count) else { return nil }
        text += (text.count > 1 ? ", " : "") + JSONValue.string(member.key).compactText + ": " + part
      }
      text += "}"
    }
    return text.count <= limit ? text : nil
  }
}

/// Appends a string in double quotes; everything but quote, backslash and control characters stands for itself.
package func writeJSONString(_ string: String, to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "\""))
  defer { bytes.append(UInt8(ascii: "\"")) }
  if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }) {
    bytes.append(contentsOf: string.utf8)
    return
  }
  for byte in string.utf8 {
    switch byte {
    case UInt8(ascii: "\""): bytes += "\\\"".utf8
    case UInt8(ascii: "\\"): bytes += "\\\\".utf8
    case 0x0A: bytes += "\\n".utf8
    case 0x0D: bytes += "\\r".utf8
    case 0x09: bytes += "\\t".utf8
    case 0..<0x20, 0x7F: bytes += "\\u00\(hexadecimal([byte]))".utf8
    default: bytes.append(byte)
    }
  }
}
