import Presentation

/// Collects the errors of a grid, and finds for each place in it the path that people know it by.
final class ErrorLog {
  /// The errors that a message lists.
  static let listed = 100

  private struct Entry: Hashable {
    var position: SourcePosition
    var kind: GridError.Kind
    var path: String?
    var message: String
  }

  /// The point of the grid that is being read. Errors that depend on what else the point says name it, if they are
  /// found there first.
  var context = ""

  private var contexts: [Entry: String] = [:]

  private let files: [String]
  private let root: JSONNode?
  private let overrides: [GridOverride]
  private var seen: Set<Entry> = []
  private var entries: [Entry] = []

  convenience init(file: String, root: JSONNode?) { self.init(files: [file], root: root) }

  /// - Parameter files: how messages call the grid and the files that it extends; the k-th is source −k.
  init(files: [String], root: JSONNode?, overrides: [GridOverride] = []) {
    (self.files, self.root, self.overrides) = (files, root, overrides)
  }

  /// Whether nothing was reported.
  var isEmpty: Bool { entries.isEmpty }

  /// Whether more was reported than anyone reads, so that looking for more is in vain.
  var isFull: Bool { entries.count >= 10 * Self.listed }

  /// Reports what is wrong with the value or key at a position: `<its path> <message>`.
  func report(_ position: SourcePosition, _ message: String, dependsOnPoint: Bool = false) {
    add(Entry(position: position, kind: .content, path: "", message: " " + message), dependsOnPoint)
  }

  /// Reports what is wrong with a member of the object at a position, which may be missing: `<path>.<key> <message>`.
  func report(_ position: SourcePosition, member key: String, _ message: String) {
    add(Entry(position: position, kind: .content, path: keyText(key), message: " " + message), true)
  }

  /// Reports a sentence that needs no path.
  func record(_ position: SourcePosition, _ sentence: String, kind: GridError.Kind = .content) {
    add(Entry(position: position, kind: kind, path: nil, message: sentence))
  }

  /// Throws what was reported, if anything was.
  func check() throws(GridErrors) {
    if isEmpty { return }
    let sorted = entries.enumerated().sorted {
      let (a, b) = ($0.element.position, $1.element.position)
      return (rank(a), a.line, a.column, $0.offset) < (rank(b), b.line, b.column, $1.offset)
    }.map(\.element)
    let listed = sorted.prefix(Self.listed)
    let paths = paths(of: Set(listed.map(\.position)))
    throw GridErrors(
      errors: listed.map { error($0, paths[$0.position] ?? "") }, omitted: max(0, sorted.count - Self.listed))
  }

  /// The grid first, then what it extends, then the overrides.
  private func rank(_ position: SourcePosition) -> Int32 {
    position.source <= 0 ? -position.source : position.source + Int32(files.count)
  }

  private func add(_ entry: Entry, _ dependsOnPoint: Bool = false) {
    guard !isFull, seen.insert(entry).inserted else { return }
    entries.append(entry)
    if dependsOnPoint, !context.isEmpty { contexts[entry] = context }
  }

  private func error(_ entry: Entry, _ place: String) -> GridError {
    let position = entry.position
    var message = entry.message
    if let suffix = entry.path {
      let path = place + suffix
      if let point = contexts[entry], !path.hasPrefix("variants") { message += " (in \(quoted(point)))" }
      message = (path.isEmpty ? "the grid" : path.hasPrefix(".") ? String(path.dropFirst()) : path) + message
    }
    let place =
      position.source > 0
      ? "--set \(escaped(overrides[Int(position.source) - 1].text))"
      : "\(escaped(files[Int(-position.source)])):\(position.line):\(position.column)"
    return GridError(kind: entry.kind, place: place, message: message)
  }

  /// How people call what stands at some positions: `axes.optimizer.lr[1]`. One walk through the grid finds them all.
  private func paths(of positions: Set<SourcePosition>) -> [SourcePosition: String] {
    var paths: [SourcePosition: String] = [:]
    for position in positions where position.source > 0 {
      paths[position] = escaped(overrides[Int(position.source) - 1].path)
    }
    var steps: [GridPath.Step] = []
    func note(_ position: SourcePosition) {
      guard positions.contains(position), position.source <= 0 else { return }
      let text = steps.map { step in
        switch step {
        case .key(let key): keyText(key)
        case .index(let index): "[\(index)]"
        }
      }.joined()
      paths[position] = text.hasPrefix(".") ? String(text.dropFirst()) : text
    }
    func walk(_ node: JSONNode) {
      note(node.position)
      for (index, element) in (node.elements ?? []).enumerated() {
        steps.append(.index(index))
        walk(element)
        steps.removeLast()
      }
      for member in node.members ?? [] {
        steps.append(.key(member.key))
        note(member.keyPosition)
        walk(member.value)
        steps.removeLast()
      }
    }
    if let root { walk(root) }
    return paths
  }

  private func keyText(_ key: String) -> String {
    let plain = key.utf8.allSatisfy {
      0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || [0x5F, 0x2D, 0x2E, 0x5B, 0x5D, 0x24].contains($0)
    }
    return plain && !key.isEmpty && key.utf8.count <= 60 ? ".\(key)" : "[\(quoted(key))]"
  }
}
