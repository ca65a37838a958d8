import Presentation

/// Reads a ``TrialFilter`` from its text, by recursive descent:
///
///     condition  = conjunction {"or" conjunction}
///     conjunction = negation {"and" negation}
///     negation   = "not" negation | "(" condition ")" | name comparison value
struct TrialFilterReader {
  private enum Token: Hashable {
    case word(String)
    /// A text in quotes, which is never `and`, `or` or `not`.
    case quoted(String)
    case comparison(TrialFilter.Comparison)
    case open, close, end
  }

  /// Deeper than people write, and shallow enough for the stack.
  private static let maximumDepth = 100

  private let text: [Character]
  private var next = 0
  private var token = Token.end
  /// Where ``token`` begins.
  private var start = 0
  private var depth = 0

  init(_ text: String) { self.text = Array(text) }

  /// Reads the whole text.
  mutating func read() throws(TrialFilterError) -> TrialFilter.Term {
    try advance()
    let term = try condition()
    guard token == .end else { throw error("\"and\", \"or\" or the end") }
    return term
  }

  private mutating func condition() throws(TrialFilterError) -> TrialFilter.Term {
    var term = try conjunction()
    while token == .word("or") {
      try advance()
      term = .or(term, try conjunction())
    }
    return term
  }

  private mutating func conjunction() throws(TrialFilterError) -> TrialFilter.Term {
    var term = try negation()
    while token == .word("and") {
      try advance()
      term = .and(term, try negation())
    }
    return term
  }

  private mutating func negation() throws(TrialFilterError) -> TrialFilter.Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else { throw error("fewer than \(Self.maximumDepth) parts inside each other") }
    switch token {
    case .word("not"):
      try advance()
      return .not(try negation())
    case .open:
      try advance()
      let term = try condition()
      guard token == .close else { throw error("\")\"") }
      try advance()
      return term
    default: return try comparison()
    }
  }

  private mutating func comparison() throws(TrialFilterError) -> TrialFilter.Term {
    let path = try name("a name such as optimizer.lr, \"not\" or \"(\"")
    guard case .comparison(let comparison) = token else {
      throw error("one of \(TrialFilter.Comparison.allCases.map(\.rawValue).joined(separator: " "))")
    }
    try advance()
    return .compare(path: path, comparison, value: try name("a value, in quotes where it has spaces"))
  }

  private mutating func name(_ expected: String) throws(TrialFilterError) -> String {
    switch token {
    case .word(let word) where !["and", "or", "not"].contains(word):
      try advance()
      return word
    case .quoted(let word):
      try advance()
      return word
    default: throw error(expected)
    }
  }

  private mutating func advance() throws(TrialFilterError) {
    while next < text.count, text[next].isWhitespace { next += 1 }
    start = next
    guard next < text.count else { return token = .end }
    let character = text[next]
    next += 1
    switch character {
    case "(": token = .open
    case ")": token = .close
    case "\"", "'": token = .quoted(try readQuoted(until: character))
    case "=":
      if next < text.count, text[next] == "=" { next += 1 }
      token = .comparison(.equal)
    case "~": token = .comparison(.contains)
    case "<", ">", "!":
      let isLonger = next < text.count && text[next] == "="
      if isLonger { next += 1 }
      guard let comparison = TrialFilter.Comparison(rawValue: isLonger ? "\(character)=" : "\(character)") else {
        throw .syntax(column: start + 1, found: "found \"!\"", expected: "\"!=\", or \"not\" for a condition")
      }
      token = .comparison(comparison)
    default:
      while next < text.count, !text[next].isWhitespace, !"()=<>!~\"'".contains(text[next]) { next += 1 }
      token = .word(String(text[start..<next]))
    }
  }

  private mutating func readQuoted(until mark: Character) throws(TrialFilterError) -> String {
    guard let end = text[next...].firstIndex(of: mark) else {
      throw .syntax(column: start + 1, found: "a quote that does not end", expected: String(mark))
    }
    defer { next = end + 1 }
    return String(text[next..<end])
  }

  private func error(_ expected: String) -> TrialFilterError {
    let found = token == .end ? "the text ends" : "found \(quoted(String(text[start..<next])))"
    return .syntax(column: start + 1, found: found, expected: expected)
  }
}
