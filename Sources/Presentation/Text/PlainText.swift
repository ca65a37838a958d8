/// Text of people's own choosing, made fit to stand on one line.
package enum PlainText {
  /// The text with line breaks and other control characters as spaces, and without marks that turn the direction of
  /// writing, which could disguise what follows them.
  package static func oneLine(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0xFEFF: continue
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// At most `limit` ``columns(_:)``: the beginning, an ellipsis, and the end, which tells long labels apart.
  package static func shortened(_ text: String, to limit: Int) -> String {
    let line = oneLine(text)
    // A character takes two columns at most, so most texts need no count.
    guard line.utf8.count > limit, columns(line) > limit else { return line }
    let tail = limit / 3
    let end = String(prefix(line.reversed(), columns: tail).reversed())
    return "\(String(prefix(line, columns: limit - tail - 1)))…\(end)"
  }

  private static func prefix(_ characters: some Sequence<Character>, columns limit: Int) -> [Character] {
    var width = 0
    return characters.prefix {
      width += columns(String($0))
      return width <= limit
    }
  }

  /// Each text ``shortened(_:to:)``, with an ordinal where two would become the same.
  package static func distinct(_ texts: [String], limit: Int) -> [String] {
    var seen: [String: Int] = [:]
    return texts.map { text in
      let short = shortened(text, to: limit)
      let ordinal = (seen[short] ?? 0) + 1
      seen[short] = ordinal
      return ordinal == 1 ? short : "\(short) (\(ordinal))"
    }
  }

  /// Columns that the text takes on a terminal or in a monospaced font: wide characters take two, marks none.
  package static func columns(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      switch scalar.value {
      case 0x300..<0x370, 0x200B...0x200F, 0xFE00...0xFE0F: return sum
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return sum + 2
      default: return sum + 1
      }
    }
  }
}
