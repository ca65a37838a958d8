import Architectures
import Presentation

/// A path and the value that a point of the grid gives it.
struct Assignment {
  let path: GridPath
  /// Where the path stands in the grid.
  let position: SourcePosition
  let value: JSONNode

  /// Whether the value chooses which other keys its section, or an object in it, may have.
  var isChoice: Bool {
    guard let step = path.steps.first else { return true }
    if !taggedTables.isEmpty { return true }
    guard path.steps.count == 1, case .key(let key) = step else { return false }
    return key == path.section.discriminator || (path.section == .model && ["preset", "layers"].contains(key))
  }

  /// Whether the value may take other keys away: a choice those that it has no use for, and each of the two ways to say
  /// how long a training is the other one.
  var mayDropKeys: Bool { isChoice || path.section == .training }

  /// The section with the value in it; an object or a list as value replaces what was there.
  func applied(to node: JSONNode?) throws(AssignmentError) -> JSONNode {
    let base = path.section == .loss && !path.steps.isEmpty ? lossObject(node) : node ?? empty
    let result = try set(base, path.steps[...])
    if !taggedTables.isEmpty, case .key(let option) = path.steps[0] { return droppedInside(result, option) }
    guard path.steps.count == 1, case .key(let key) = path.steps[0] else { return result }
    return dropped(result, key)
  }

  private var empty: JSONNode { JSONNode(position: position, content: .object([])) }

  /// A loss that is a name, or not given, as an object, so that it can have options.
  private func lossObject(_ node: JSONNode?) -> JSONNode {
    if let node, node.string == nil { return node }
    let name = node ?? JSONNode(position: position, content: .string(Loss.crossEntropy.name))
    return JSONNode(
      position: name.position,
      content: .object([JSONNode.Member(key: "name", keyPosition: name.position, value: name)]))
  }

  /// The tables between which the value chooses, where it is the `name` of an object in its section.
  private var taggedTables: [OptionTable] {
    guard path.steps.count == 2, case .key(let option) = path.steps[0], path.steps[1] == .key("name") else { return [] }
    return path.section.tables.first { $0.option(option) != nil }?.option(option)?.kind.tables ?? []
  }

  /// The same for an object in the section.
  private func droppedInside(_ node: JSONNode, _ option: String) -> JSONNode {
    guard let table = taggedTables.first(where: { $0.name == value.string }) else { return node }
    var node = node
    node.content = .object(
      (node.members ?? []).map { member in
        guard member.key == option, let members = member.value.members else { return member }
        var member = member
        member.value.content = .object(members.filter { $0.key == "name" || table.option($0.key) != nil })
        return member
      })
    return node
  }

  private func set(_ node: JSONNode, _ steps: ArraySlice<GridPath.Step>) throws(AssignmentError) -> JSONNode {
    guard let step = steps.first else { return value }
    var node = node
    switch (step, node.content) {
    case (.key(let key), .object(var members)):
      if let index = members.firstIndex(where: { $0.key == key }) {
        members[index].value = try set(members[index].value, steps.dropFirst())
        if steps.count == 1 { members[index].keyPosition = position }
      } else {
        members.append(
          JSONNode.Member(key: key, keyPosition: position, value: try set(empty, steps.dropFirst())))
      }
      node.content = .object(members)
    case (.index(let index), .array(var elements)):
      guard index < elements.count else {
        throw AssignmentError(message: "has index \(index), and the list has \(elements.count) values, counted from 0")
      }
      elements[index] = try set(elements[index], steps.dropFirst())
      node.content = .array(elements)
    case (.key(let key), _):
      throw AssignmentError(message: "leads through \(quoted(key)), and what should have that key is \(node.found)")
    case (.index(let index), _):
      throw AssignmentError(message: "leads through [\(index)], and what should be a list is \(node.found)")
    }
    return node
  }

  /// A changed choice drops the keys that the new table lacks.
  private func dropped(_ node: JSONNode, _ key: String) -> JSONNode {
    guard let members = node.members else { return node }
    let kept: (String) -> Bool
    switch (path.section, key) {
    case (.model, "family"), (.optimizer, "name"), (.dataset, "name"), (.loss, "name"):
      guard let table = path.section.tables.first(where: { $0.name == value.string }) else { return node }
      kept = { $0 == key || table.option($0) != nil }
    case (.model, "preset"), (.model, "layers"): kept = { $0 == key || $0 == "init" }
    case (.training, "iterations"): kept = { $0 != "epochs" }
    case (.training, "epochs"): kept = { $0 != "iterations" }
    default: return node
    }
    return JSONNode(position: node.position, content: .object(members.filter { kept($0.key) }))
  }
}

/// What is wrong with an assignment in its place.
struct AssignmentError: Error {
  let message: String
}
