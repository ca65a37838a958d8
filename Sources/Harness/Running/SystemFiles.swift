import Foundation

/// The small files in which the system tells of itself.
struct SystemFiles {
  let root: String

  private func lines(_ path: String) -> [Substring] {
    guard let text = try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) else { return [] }
    return text.split(separator: "\n")
  }

  /// The whole numbers of a file; a word such as `max` is none.
  func numbers(_ path: String) -> [Int] { lines(path).flatMap { $0.split(separator: " ").compactMap { Int($0) } } }

  /// The first number behind each line's first word.
  func fields(_ path: String) -> [String: Int] {
    let pairs = lines(path).compactMap { line -> (String, Int)? in
      let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
      guard words.count > 1, let value = Int(words[1]) else { return nil }
      return (String(words[0]), value)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The words of a file.
  func words(_ path: String) -> [String] {
    lines(path).flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
  }

  /// A control group and those that it is in, innermost first.
  ///
  /// - Parameter mount: where the groups of its controller lie.
  static func folders(of group: String, mount: String) -> [String] {
    var names = group.split(separator: "/").filter { $0 != ".." }.map(String.init)
    var folders: [String] = []
    while true {
      folders.append(([mount] + names).joined(separator: "/"))
      guard names.popLast() != nil else { return folders }
    }
  }

  /// The controllers and the path of each control group of the process; those of version 2 have no controllers.
  var controlGroups: [(controller: String, path: String)] {
    lines("proc/self/cgroup").compactMap { line in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 ? (String(parts[1]), String(parts[2])) : nil
    }
  }
}
