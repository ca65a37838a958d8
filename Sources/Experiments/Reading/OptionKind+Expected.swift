import Architectures
import Presentation

extension OptionKind {
  /// What is allowed, as a message says it after "expected".
  var expected: String {
    switch self {
    case .boolean: return "true or false"
    case .integer(let range): return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): return range.expected
    case .text(let limit): return "a text of 1 to \(limit) characters"
    case .choice(let words): return "one of \(words.joined(separator: ", "))"
    case .list(let kind, let count):
      let amount =
        count.lowerBound == count.upperBound ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
      return "a list of \(amount), each \(kind.expected)"
    case .null: return "null"
    case .either:
      let kinds = flattened
      let texts = kinds.map { kind in
        if case .list(let element, let count) = kind, count.lowerBound == count.upperBound, kinds.contains(element) {
          return "a list of \(count.lowerBound) such"
        }
        return kind.expected
      }
      return texts.joined(separator: ", or ")
    case .object(let table): return "an object with \(joined(table.options.map(\.name)))"
    case .tagged(let tables): return "an object whose name is one of \(tables.map(\.name).joined(separator: ", "))"
    case .layer: return "a layer such as {\"type\": \"relu\"}"
    }
  }

  /// Every word that a value of the kind may be.
  var words: [String] {
    switch self {
    case .choice(let words): words
    case .either(let kinds): kinds.flatMap(\.words)
    default: []
    }
  }

  /// The table that an object is read with; `nil` where it is not an object, or has a name that none has.
  func table(for node: JSONNode) -> OptionTable? {
    for kind in flattened {
      switch kind {
      case .object(let table): return table
      case .tagged(let tables): return tables.first { $0.name == node["name"]?.value.string }
      case .layer: return node["type"]?.value.string.flatMap(LayerRegistry.type(named:))?.layerTable
      default: continue
      }
    }
    return nil
  }
}

extension NumberRange {
  fileprivate var expected: String {
    let low = JSONNumber(minimum).text
    let high = JSONNumber(maximum).text
    return excludesMinimum
      ? "a number above \(low) and \(excludesMaximum ? "below" : "up to") \(high)"
      : "a number from \(low) to \(excludesMaximum ? "below " : "")\(high)"
  }
}

extension JSONNode {
  /// What was found, as a message says it after "is".
  var found: String {
    switch content {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let number): number.text.utf8.count > 40 ? "\(number.text.prefix(40))…" : number.text
    case .string(let text): quoted(text)
    case .array(let elements): elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
    case .object(let members): members.isEmpty ? "an empty object" : "an object"
    }
  }
}
