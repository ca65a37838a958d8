import Architectures
import Presentation

/// Reads JSON against option tables and reports what does not fit.
struct OptionReader {
  let log: ErrorLog
  /// The layers that what is read lies in.
  var nesting = 0

  /// How deep layers may lie in each other.
  static let maximumNesting = 8

  /// The values of an object's members, checked.
  ///
  /// - Parameters:
  ///   - besides: keys that the object may have beside the table's, and that someone else reads.
  ///   - isPartial: whether required options may be missing, because a point of the grid may give them.
  /// - Returns: `nil` where something was reported.
  func read(
    _ node: JSONNode, _ table: OptionTable, besides: [String] = [], isPartial: Bool = false
  ) -> [String: OptionValue]? {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object")
      return nil
    }
    var values: [String: OptionValue] = [:]
    var isGood = true
    for member in members where !besides.contains(member.key) {
      guard let option = table.option(member.key) else {
        reportUnknown(
          member, in: table.name, besides + table.options.map(\.name),
          home: GridSection.home(of: member.key, besides: table))
        isGood = false
        continue
      }
      if let value = value(member.value, option.kind) {
        values[option.name] = value
      } else {
        isGood = false
      }
    }
    if !isPartial {
      for option in table.options where option.defaultValue == nil && !option.isOptional {
        if node[option.name] == nil {
          log.report(
            node.position, member: option.name,
            "is missing; \(table.name) needs it: \(option.kind.expected)")
          isGood = false
        }
      }
    }
    return isGood ? values : nil
  }

  /// Reads an object in which the value of one key names the table of the others.
  ///
  /// - Parameter isPartial: whether the key and required options may be missing.
  /// - Returns: `nil` where something was reported, or nothing names a table.
  func readTagged(
    _ node: JSONNode, by key: String, _ tables: [OptionTable], isPartial: Bool = false
  ) -> (table: OptionTable, values: [String: OptionValue])? {
    guard node.members != nil else {
      log.report(node.position, "is \(node.found); expected an object with a \(key)")
      return nil
    }
    guard let name = node[key]?.value else {
      if isPartial {
        reportKeys(of: node, knownIn: tables, besides: [key])
      } else {
        log.report(
          node.position, member: key,
          "is missing; expected one of \(tables.map(\.name).joined(separator: ", "))")
      }
      return nil
    }
    guard let table = choose(name, among: tables, \.name) else { return nil }
    return read(node, table, besides: [key], isPartial: isPartial).map { (table, $0) }
  }

  /// The one of some things that a text names; reports a text that names none.
  func choose<Choice>(_ node: JSONNode, among choices: [Choice], _ name: (Choice) -> String) -> Choice? {
    if let text = node.string, let choice = choices.first(where: { name($0) == text }) { return choice }
    _ = value(node, .choice(choices.map(name)))
    return nil
  }

  /// Reports the keys that no table has.
  func reportKeys(of node: JSONNode, knownIn tables: [OptionTable], besides: [String]) {
    var known = besides
    for option in tables.flatMap(\.options) where !known.contains(option.name) { known.append(option.name) }
    for member in node.members ?? [] where !known.contains(member.key) {
      reportUnknown(member, in: "it", known)
    }
  }

  /// Reports a key that nobody reads.
  ///
  /// - Parameter home: the section that has such a key, where there is one.
  func reportUnknown(_ member: JSONNode.Member, in owner: String, _ known: [String], home: GridSection? = nil) {
    let keys = known.isEmpty ? "\(owner) has none" : "\(owner) has \(joined(known))"
    let near = suggestion(for: member.key, among: known)
    let hint =
      near.isEmpty ? home.map { ". It stands in \($0.rawValue): \"\($0.rawValue).\(member.key)\"" } ?? "" : near
    log.report(member.keyPosition, "is not a known key; \(keys)\(hint)", dependsOnPoint: true)
  }

  /// A value of a kind; `nil` where it is none, which is then reported.
  func value(_ node: JSONNode, _ kind: OptionKind) -> OptionValue? {
    if kind.holdsLayers, case .list(let element, let count) = kind, let elements = node.elements,
      count.contains(elements.count)
    {
      return layers(elements, each: element)
    }
    if let value = match(node, kind) { return value }
    reportMismatch(node, kind)
    return nil
  }

  /// A list of layers, or of lists of them; each says itself what is wrong with it.
  private func layers(_ elements: [JSONNode], each kind: OptionKind) -> OptionValue? {
    if kind == .layer { return readChain(elements).map { .list($0.map(\.optionValue)) } }
    let lists = elements.compactMap { value($0, kind) }
    return lists.count == elements.count ? .list(lists) : nil
  }

  /// Reports the innermost thing that does not fit: the element of a list, the member of an object, or the value itself.
  private func reportMismatch(_ node: JSONNode, _ kind: OptionKind) {
    let kinds = kind.flattened
    switch node.content {
    case .array(let elements):
      let lists: [(OptionKind, ClosedRange<Int>)] = kinds.compactMap {
        if case .list(let kind, let count) = $0 { (kind, count) } else { nil }
      }
      if let (kind, _) = lists.first(where: { $0.1.contains(elements.count) }), lists.count == 1 {
        for element in elements where match(element, kind) == nil { reportMismatch(element, kind) }
        return
      }
    case .object:
      for kind in kinds {
        switch kind {
        case .object(let table): _ = read(node, table)
        case .tagged(let tables): _ = readTagged(node, by: "name", tables)
        default: continue
        }
        return
      }
    default: break
    }
    let tables = kinds.flatMap { kind -> [OptionTable] in if case .tagged(let tables) = kind { tables } else { [] } }
    var hint = node.string.map { suggestion(for: $0, among: kind.words + tables.map(\.name)) } ?? ""
    if let table = tables.first(where: { $0.name == node.string }) {
      let others = table.options.contains { $0.defaultValue == nil && !$0.isOptional } ? ", …" : ""
      hint = ". Write {\"name\": \(quoted(table.name))\(others)}"
    }
    log.report(node.position, "is \(node.found); expected \(kind.expected)\(hint)")
  }

  /// A value of a kind, or `nil`.
  private func match(_ node: JSONNode, _ kind: OptionKind) -> OptionValue? {
    switch (kind, node.content) {
    case (.boolean, .bool(let value)): return .boolean(value)
    case (.null, .null): return .null
    case (.integer(let range), .number(let number)):
      return number.int.flatMap { range.contains($0) ? .integer($0) : nil }
    case (.number(let range), .number(let number)):
      let value = number.double
      return value.isFinite && range.contains(value) ? .number(value == 0 ? 0 : value) : nil
    case (.text(let limit), .string(let text)):
      return !text.isEmpty && text.unicodeScalars.count <= limit ? .text(text) : nil
    case (.choice(let words), .string(let text)): return words.contains(text) ? .text(text) : nil
    case (.list(let kind, let count), .array(let elements)):
      guard count.contains(elements.count) else { return nil }
      let values = elements.compactMap { match($0, kind) }
      return values.count == elements.count ? .list(values) : nil
    case (.object(let table), .object):
      let silent = OptionReader(log: ErrorLog(file: "", root: nil))
      return silent.read(node, table).map { .object(table.filled($0)) }
    case (.tagged(let tables), .object):
      let silent = OptionReader(log: ErrorLog(file: "", root: nil))
      return silent.readTagged(node, by: "name", tables).map { table, values in
        .object(table.filled(values.merging(["name": .text(table.name)]) { $1 }))
      }
    case (.either(let kinds), _):
      for kind in kinds {
        if let value = match(node, kind) { return value }
      }
      return nil
    default: return nil
    }
  }
}
