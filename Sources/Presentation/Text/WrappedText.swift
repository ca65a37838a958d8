/// Text broken into lines between its words.
enum WrappedText {
  /// The text in lines of at most so many columns.
  ///
  /// - Parameters:
  ///   - first: what the first line begins with.
  ///   - rest: what the others begin with.
  ///   - width: columns of a line at most; as many as are easy to read, where the terminal has them.
  static func text(
    _ text: String, first: String, rest: String, width: Int = min(100, max(20, TextWidth.columns ?? 100))
  ) -> String {
    let room = max(8, width - max(first.terminalColumns, rest.terminalColumns))
    return lines(of: text, width: room).enumerated().map { ($0 == 0 ? first : rest) + $1 }.joined(separator: "\n")
  }

  /// A text broken between its words; a word that is too long for a line is broken itself.
  static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = word
      if !line.isEmpty, line.terminalColumns + 1 + word.terminalColumns > width {
        lines.append(line)
        line = ""
      }
      while TextWidth.columns != nil, word.terminalColumns > width, line.isEmpty {
        let part = word.prefix(terminalColumns: width)
        guard !part.isEmpty else { break }
        lines.append(String(part))
        word = word.dropFirst(part.count)
      }
      line += (line.isEmpty || word.isEmpty ? "" : " ") + word
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }
}
