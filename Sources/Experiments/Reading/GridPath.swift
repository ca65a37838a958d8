import Architectures
import Presentation

/// A dotted path to a value of a configuration: `optimizer.lr`, `model.layers[0].kernel_size`.
struct GridPath: Hashable {
  /// One step down: a key of an object, or a place in a list.
  typealias Step = LayerPlace.Step

  /// The path as the user wrote it.
  let text: String
  /// The part of the grid that it begins in.
  let section: GridSection
  /// The steps from there.
  let steps: [Step]

  init(_ text: String) throws(GridPathError) {
    self.text = text
    guard text.utf8.count <= 300 else { throw GridPathError(message: "is too long for a path") }
    var parts: [Step] = []
    for piece in text.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = piece.split(separator: "[", omittingEmptySubsequences: false)
      guard let key = pieces.first, !key.isEmpty, !key.contains("]") else { throw GridPathError(message: Self.grammar) }
      parts.append(.key(String(key)))
      for index in pieces.dropFirst() {
        let digits = index.dropLast()
        guard index.last == "]", (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
          let number = Int(digits)
        else { throw GridPathError(message: Self.grammar) }
        parts.append(.index(number))
      }
    }
    guard case .key(let first)? = parts.first else { throw GridPathError(message: Self.grammar) }
    if first == "seed" || first == "seeds" {
      throw GridPathError(message: "is not a path: seeds are replicates, never an axis; list them under \"seeds\"")
    }
    if first == "metrics" {
      throw GridPathError(
        message: "is not a path: all configurations are scored alike; list the scores under \"metrics\"")
    }
    let names = GridSection.allCases.map(\.rawValue)
    guard let section = GridSection(rawValue: first) else {
      throw GridPathError(
        message: "is not a path; a path begins with \(alternatives(names))\(suggestion(for: first, among: names))")
    }
    self.section = section
    steps = Array(parts.dropFirst())
    // Three of them for each layer that the one meant lies in.
    guard steps.count <= 32 else { throw GridPathError(message: "has more than 32 steps") }
  }

  private static let grammar = "is not a path; a path looks like optimizer.lr or model.layers[0].kernel_size"

  /// The last step's name, or the section's.
  var lastKey: String {
    for case .key(let key) in steps.reversed() { return key }
    return section.rawValue
  }

  /// Whether the path is the other one or leads to something in it.
  func isInside(_ other: GridPath) -> Bool { section == other.section && steps.starts(with: other.steps) }
}

/// What is wrong with a path.
struct GridPathError: Error {
  let message: String
}

extension JSONNode {
  /// What a step leads to; `nil` where that is nothing.
  func stepping(_ step: GridPath.Step) -> JSONNode? {
    switch step {
    case .key(let key): self[key]?.value
    case .index(let index): elements.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }

  /// What stands at the end of steps; `nil` where they lead to nothing.
  func node(at steps: some Sequence<GridPath.Step>) -> JSONNode? {
    steps.reduce(self) { node, step in node?.stepping(step) }
  }
}
