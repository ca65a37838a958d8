import Architectures
import Presentation

/// One of the forms that a section takes over the points of a grid, with everything that was found out about it.
final class SectionPoint {
  /// The section's contents; `nil` where the grid does not have it.
  let node: JSONNode?
  /// Whether the assignments could be made.
  let isGood: Bool
  /// The number that stands for the checked value: equal values have equal numbers. `nil` where it has errors.
  var identity: Int?
  /// The varied values of the section as tables show them, one per column of the section.
  var shown: [String] = []
  /// Whether each term of each condition that looks into the section holds.
  var terms: [Bool] = []

  init(node: JSONNode?, isGood: Bool) { (self.node, self.isGood) = (node, isGood) }

  /// The value at the end of a path, defaults included.
  func value(at path: GridPath) -> JSONValue? {
    var current = node
    // The options that the current object may have, where a table says.
    var table = node.flatMap { path.section.table(for: $0) }
    for (index, step) in path.steps.enumerated() {
      let next = current?.stepping(step)
      switch step {
      case .key(let key):
        guard let next else {
          let value =
            index == 0
            ? path.section.defaultValue(of: key, in: node)
            : table?.option(key)?.defaultValue.map { JSONValue($0) }
          return path.steps.dropFirst(index + 1).reduce(value) { value, step in value?.stepping(step) }
        }
        table = table?.option(key)?.kind.table(for: next)
      case .index: if next == nil { return nil }
      }
      current = next
    }
    if current == nil, path.steps.isEmpty { return path.section.defaultValue(of: "", in: nil) }
    return current?.value
  }
}

extension JSONValue {
  fileprivate func stepping(_ step: GridPath.Step) -> JSONValue? {
    switch step {
    case .key(let key): self[key]
    case .index(let index): array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
  }

  /// The value as labels and tables show it: `0.1`, `max`, `[16, 32]`, `sgd (lr 0.1)`.
  var shown: String {
    switch self {
    case .null: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .number(let number): return number.double.isFinite ? number.short : number.text
    case .string(let text): return text
    case .array(let values): return "[\(values.map(\.shown).joined(separator: ", "))]"
    case .object(let members):
      let head = ["name", "family", "preset", "type"]
      let rest = members.filter { !head.contains($0.key) }.map { "\($0.key) \($0.value.shown)" }
      let name = members.first { head.contains($0.key) }?.value.shown
      guard let name else { return "{\(rest.joined(separator: ", "))}" }
      return rest.isEmpty ? name : "\(name) (\(rest.joined(separator: ", ")))"
    }
  }
}

extension JSONNumber {
  /// The shortest text of the same number: `0.1` for `0.10`.
  var shortest: String { int.map(String.init) ?? uint64.map { "\($0)" } ?? JSONNumber(double).text }

  /// The same to as many digits as people are shown.
  fileprivate var short: String {
    shownDigits == 0 ? shortest : JSONNumber(NumberText.rounded(double, digits: Int(shownDigits))).text
  }
}
