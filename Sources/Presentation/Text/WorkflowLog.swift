/// Text that a GitHub workflow's log takes for text.
///
/// The runner reads every line that a step writes. One that begins with two colons, blanks aside, is a command to it, and
/// so is `##[` anywhere in a line (`ActionCommand.cs` of actions/runner): a label could switch off the commands that
/// follow, or fold the log.
package enum WorkflowLog {
  /// The text with a blank inside whatever would be a command.
  package static func defused(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: ":")) || text.utf8.contains(UInt8(ascii: "#")) else { return text }
    var result = String.UnicodeScalarView()
    var isAtStart = true
    var before: (Unicode.Scalar, Unicode.Scalar) = (" ", " ")
    for scalar in text.unicodeScalars {
      // The second of two colons, and the bracket behind two hashes.
      if isAtStart, scalar == ":", before.1 == ":" { result.append(" ") }
      if scalar == "[", before == ("#", "#") { result.append(" ") }
      result.append(scalar)
      switch scalar {
      case "\n", "\r": isAtStart = true
      case ":" where before.1 != ":": break
      default: isAtStart = isAtStart && before.1 != ":" && scalar.properties.isWhitespace
      }
      before = (before.1, scalar)
    }
    return String(result)
  }

  /// JSON with the bracket of `##[` as an escape, which means the same; no line of JSON begins with colons.
  package static func defused(json: String) -> String { json.replacing("##[", with: "##\\u005b") }
}
