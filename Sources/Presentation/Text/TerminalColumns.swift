extension StringProtocol {
  /// Columns that the text takes on a terminal: two for East Asian characters and emoji, none for marks that stand on
  /// the character before them.
  package var terminalColumns: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.terminalColumns }
  }

  /// The longest beginning of the text that fits into `columns` of a terminal.
  package func prefix(terminalColumns columns: Int) -> SubSequence {
    var used = 0
    return prefix { character in
      used += character.terminalColumns
      return used <= columns
    }
  }

  /// The longest end of the text that fits into `columns` of a terminal.
  package func suffix(terminalColumns columns: Int) -> SubSequence {
    var used = 0
    let kept = reversed().prefix { character in
      used += character.terminalColumns
      return used <= columns
    }
    return suffix(kept.count)
  }
}

extension Character {
  /// Columns that the character takes on a terminal: 0, 1 or 2.
  package var terminalColumns: Int {
    guard let first = unicodeScalars.first, !first.isASCII else { return 1 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let isEmoji = first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}")
    return isEmoji || Self.wideRanges.contains { $0.contains(first.value) } ? 2 : 1
  }

  /// The blocks whose East Asian Width is wide or fullwidth (Unicode Standard Annex 11), emoji apart.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
    0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]
}
