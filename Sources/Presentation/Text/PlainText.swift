/// Users' text, made fit for a line, a terminal or a log.
package enum PlainText {
  /// The text with line breaks and other control characters as spaces, and without marks that turn the direction of
  /// writing, which could disguise what follows them.
  package static func oneLine(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    return cleaned(text, keepsLineFeeds: false)
  }

  /// The text as ``oneLine(_:)`` has it, but with its line feeds: a message of our own that may quote anything.
  package static func lines(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) { return text }
    return cleaned(text, keepsLineFeeds: true)
  }

  private static func cleaned(_ text: String, keepsLineFeeds: Bool) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A where keepsLineFeeds: result.append(scalar)
      case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
      case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: result.append(" ")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// At most `limit` columns of a terminal: the beginning, an ellipsis, and the end, which tells long labels apart.
  package static func shortened(_ text: String, to limit: Int) -> String {
    let line = oneLine(text)
    // A character takes two columns at most, so most texts need no count.
    guard line.utf8.count > limit, line.terminalColumns > limit else { return line }
    let tail = limit / 3
    let end = line.suffix(terminalColumns: tail)
    return "\(line.prefix(terminalColumns: limit - tail - 1))…\(end)"
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
}

extension StringProtocol {
  /// The text without the spaces at its end.
  package var withoutSpacesAtEnd: Substring {
    let text = Substring(self)
    return text[..<(text.utf8.lastIndex { $0 != UInt8(ascii: " ") }.map(text.utf8.index(after:)) ?? text.startIndex)]
  }

  /// The text without white space of any kind before and behind it.
  package var trimmed: String {
    let begin = drop(while: \.isWhitespace)
    return String(begin[..<(begin.lastIndex { !$0.isWhitespace }.map(begin.index(after:)) ?? begin.startIndex)])
  }

  /// The text without the spaces before and behind it.
  package var withoutSpacesAround: Substring { withoutSpacesAtEnd.drop { $0 == " " } }
}
