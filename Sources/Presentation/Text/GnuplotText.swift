/// Strings in gnuplot's scripts.
package enum GnuplotText {
  /// A string that gnuplot takes as it is: no escapes, no commands and no macros work between single quotes.
  ///
  /// Quotes inside are doubled; gnuplot 5.4 misreads them at the very beginning, so they are put before it there.
  /// Emoji become boxes: cairo draws some of them as large as the picture.
  package static func quoted(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in PlainText.oneLine(text).unicodeScalars {
      let isEmoji = scalar.value > 0xFFFF || scalar.properties.isEmojiPresentation || scalar.value == 0xFE0F
      scalars.append(isEmoji ? "□" : scalar)
    }
    let line = String(scalars)
    let leading = line.prefix { $0 == "'" }
    let rest = "'\(line.dropFirst(leading.count).replacing("'", with: "''"))'"
    return leading.isEmpty ? rest : "\"\(leading)\".\(rest)"
  }
}
