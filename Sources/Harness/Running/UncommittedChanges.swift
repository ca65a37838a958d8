import Foundation

/// A diff as a store may keep it: no longer than is useful, and without secrets, because stores are passed on.
struct UncommittedChanges {
  /// What `git diff` printed.
  let diff: String
  /// Files that git does not know.
  let untracked: [String]

  /// UTF-8 bytes of a text that is kept.
  static let maximumBytes = 64 << 10
  /// Names of files that git does not know which are kept.
  private static let maximumNames = 200

  var isEmpty: Bool { diff.isEmpty && untracked.isEmpty }

  /// The changes file by file, cut at the limit.
  func text() -> String {
    var text = ""
    var state = Section.quoted
    for line in diff.split(separator: "\n", omittingEmptySubsequences: true) {
      guard text.utf8.count < Self.maximumBytes else {
        text += "… cut here: the diff has \(diff.utf8.count) bytes, and \(Self.maximumBytes) are kept\n"
        break
      }
      if line.hasPrefix("diff --git ") {
        state = Self.namesSecrets(line) ? .left : .quoted
        text += line + "\n"
        if state == .left { text += "  not kept: a file of this name may hold secrets\n" }
        continue
      }
      if state == .left { continue }
      // A key takes many lines, none of which says what it is.
      let isKey = line.contains("-----BEGIN ") && line.contains("PRIVATE KEY")
      if isKey { state = .key }
      text += state == .key ? line.prefix(1) + Self.mask + "\n" : Self.masked(line) + "\n"
      if state == .key, line.contains("-----END ") || line.hasPrefix("@@") { state = .quoted }
    }
    text += untracked.prefix(Self.maximumNames).map { "untracked: \($0)\n" }.joined()
    if untracked.count > Self.maximumNames { text += "untracked: … and \(untracked.count - Self.maximumNames) more\n" }
    return text
  }

  private enum Section { case quoted, left, key }

  private static let mask = "[masked]"

  /// Whether a path in a diff's heading is one that people keep secrets in.
  private static func namesSecrets(_ heading: Substring) -> Bool {
    heading.lowercased().split { " /\"\\".contains($0) }.contains { part in
      [".env", "id_", ".netrc", ".npmrc", ".pypirc", ".pgpass", "kubeconfig"].contains { part.hasPrefix($0) }
        || [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".env", ".tfvars"].contains { part.hasSuffix($0) }
        || ["credential", "secret", "password", "htpasswd"].contains { part.contains($0) }
        || [".ssh", ".aws", ".gnupg", ".kube"].contains(String(part))
    }
  }

  /// A line in which what looks like a token or a key is masked.
  private static func masked(_ line: Substring) -> String {
    // Most lines need no second look.
    var text = String(line.prefix(2_000)) + (line.utf8.count > 2_000 && line.count > 2_000 ? "…" : "")
    for (pattern, replacement) in [(assignment, "$1\(mask)"), (token, mask), (address, "$1\(mask)@")] {
      let range = NSRange(text.startIndex..., in: text)
      text = pattern.stringByReplacingMatches(in: text, range: range, withTemplate: replacement)
    }
    return text.contains(/[A-Za-z0-9+\/_\-]{32,}/)
      ? text.replacing(/[A-Za-z0-9+\/_\-]{32,}={0,2}/) { isRandom($0.output) ? Substring(mask) : $0.output } : text
  }

  /// Whether a long word mixes what a digest, a path or a name does not.
  private static func isRandom(_ word: Substring) -> Bool {
    let digits = word.count(where: \.isNumber)
    return word.contains(where: \.isUppercase) && word.contains(where: \.isLowercase) && digits * 20 > word.count
  }

  /// `password = "…"`, `"api_key": …`, `Authorization: Bearer …`: all behind the name.
  private static let assignment = expression(
    #"(?i)((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|"#
      + #"authorization)[A-Za-z0-9_-]*["']?\s*(?::|=|=>)\s*)\S.*"#)
  /// Tokens that say themselves whose they are.
  private static let token = expression(
    #"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|"#
      + #"sk-[\w-]{16,}|hf_[A-Za-z0-9]{16,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"#)
  /// `https://user:password@host`.
  private static let address = expression(#"(://)[^/\s:@]+:[^/\s@]+@"#)

  private static func expression(_ pattern: String) -> NSRegularExpression {
    do { return try NSRegularExpression(pattern: pattern) } catch {
      preconditionFailure("the pattern \(pattern) is not one: \(error)")
    }
  }
}
