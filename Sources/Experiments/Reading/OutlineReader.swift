import Architectures
import Presentation

/// Takes a grid apart into its ``GridOutline`` and reports what can't be understood.
struct OutlineReader {
  let log: ErrorLog
  let made = MadeValues()
  private var outline = GridOutline()
  private var overridden: [GridPath] = []
  /// Lists of the command line that take the place of an axis's values.
  private var replacedAxes: [String: JSONNode] = [:]

  init(log: ErrorLog) { self.log = log }

  /// Takes a grid apart.
  ///
  /// - Parameter overrides: parsed values of `--set`, one per source, in order.
  mutating func read(_ root: JSONNode, overrides: [(GridOverride, JSONNode)]) -> GridOutline {
    var members = root.members ?? []
    var replaced: [Assignment] = []
    let set = root["set"].map { readSet($0.value) } ?? []
    for (path, position, value) in set + overrides.map({ ($0.path, $1.position, $1) }) {
      if GridOverride.wholeKeys.contains(path), position.source > 0 {
        members.removeAll { $0.key == path }
        members.append(JSONNode.Member(key: path, keyPosition: position, value: value))
      } else if replacesAxis(path, value, root) {
        replacedAxes[path] = value
      } else if let assignment = assignment(path, position, value) {
        replaced.append(assignment)
      }
    }
    overridden = replaced.map(\.path)
    for member in members { readMember(member) }
    reportPathsThatVaryTwice()
    for key in ["name"] where !members.contains(where: { $0.key == key }) {
      log.report(root.position, member: "name", "is missing; expected a text of 1 to 200 characters")
    }
    outline.overrides = replaced
    return outline
  }

  private func readSet(_ node: JSONNode) -> [(String, SourcePosition, JSONNode)] {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object of paths and values")
      return []
    }
    return members.map { ($0.key, $0.keyPosition, $0.value) }
  }

  /// Whether a list is meant as the values of an axis: where there is one, and its present values are not lists
  /// themselves or the new ones are.
  private func replacesAxis(_ path: String, _ value: JSONNode, _ root: JSONNode) -> Bool {
    let conditional = root["when"]?.value.elements?.compactMap { $0["axes"]?.value } ?? []
    let joined = root["zip"]?.value.elements ?? []
    let axes = [root["axes"]?.value].compactMap(\.self) + conditional + joined
    // A rule makes numbers, not lists.
    func elements(_ node: JSONNode) -> [JSONNode]? { ValueRule.isRule(node) ? [] : node.elements }
    guard let old = axes.lazy.compactMap({ $0[path].flatMap { elements($0.value) } }).first, let new = elements(value)
    else { return false }
    return !old.contains { $0.elements != nil } || new.allSatisfy { $0.elements != nil }
  }

  private mutating func readMember(_ member: JSONNode.Member) {
    let value = member.value
    let reader = OptionReader(log: log)
    switch member.key {
    case "$schema", "extends", "set": break
    case "name": outline.name = readText(value, allowsEmpty: false) ?? ""
    case "title": outline.title = readText(value, allowsEmpty: true) ?? ""
    case "tags": readTags(value)
    case "notes": readNotes(value)
    case "seeds": outline.seeds = readSeeds(value)
    case "metrics": (outline.metrics, outline.metricsPosition) = (readMetrics(value), value.position)
    case "variants": readVariants(value)
    case "axes": outline.dimensions += readAxes(value)
    case "zip": readZip(value)
    case "sample":
      if let dimension = SampleReader(self).read(value, isOverridden: isOverridden) {
        outline.dimensions.append(dimension)
      }
    case "when": readWhen(value)
    case "exclude":
      for element in readList(value, "points to leave out") {
        if let condition = readCondition(element) { outline.exclusions.append(condition) }
      }
    case "include":
      for element in readList(value, "points") { readInclusion(element) }
    default:
      if let section = GridSection(rawValue: member.key) {
        outline.sections[section] = value
      } else {
        reader.reportUnknown(
          member, in: "a grid", Array(GridOutline.keys.dropFirst()), home: GridSection.home(of: member.key))
      }
    }
  }

  /// Of two places that vary one path, the values of the first would be lost, and labels would name both.
  private func reportPathsThatVaryTwice() {
    var seen: Set<GridPath> = []
    for dimension in outline.dimensions where !dimension.isNamed {
      for path in dimension.paths where !seen.insert(path).inserted {
        let second = dimension.choices.lazy.flatMap(\.assignments).first { $0.path == path }
        if let second {
          log.report(second.position, "varies already; a path stands in one of axes, zip and sample, once")
        }
      }
    }
  }

  private mutating func readVariants(_ node: JSONNode) {
    guard let members = node.members, !members.isEmpty else {
      log.report(node.position, "is \(node.found); expected an object: a label and its settings for each variant")
      return
    }
    var dimension = GridOutline.Dimension(choices: [], isNamed: true, paths: [])
    var seen: Set<GridPath> = []
    for member in members {
      checkLabel(member.key, member.keyPosition)
      let assignments = readPoint(member.value)
      dimension.choices.append(GridOutline.Choice(label: member.key, assignments: assignments))
      for assignment in assignments where seen.insert(assignment.path).inserted {
        dimension.paths.append(assignment.path)
      }
    }
    outline.dimensions.append(dimension)
  }

  /// The settings of a point: an object of paths and values.
  private func readPoint(_ node: JSONNode, besides: [String] = []) -> [Assignment] {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object of paths and values")
      return []
    }
    let assignments = members.filter { !besides.contains($0.key) }.compactMap {
      assignment($0.key, $0.keyPosition, $0.value)
    }
    return ordered(assignments.filter { !isOverridden($0.path) })
  }

  /// Choices first, so that what stands beside them is not dropped.
  func ordered(_ assignments: [Assignment]) -> [Assignment] {
    assignments.filter(\.isChoice).sorted { $0.path.steps.count < $1.path.steps.count }
      + assignments.filter { !$0.isChoice }
  }

  func assignment(_ text: String, _ position: SourcePosition, _ value: JSONNode) -> Assignment? {
    do {
      return Assignment(path: try GridPath(text), position: position, value: value)
    } catch {
      log.report(position, error.message)
      return nil
    }
  }

  private func isOverridden(_ path: GridPath) -> Bool { overridden.contains { path.isInside($0) } }

  private func readAxes(_ node: JSONNode) -> [GridOutline.Dimension] {
    guard let members = node.members else {
      log.report(node.position, "is \(node.found); expected an object: a path and a list of values for each axis")
      return []
    }
    return members.compactMap { member in
      guard let values = readValues(member), let first = values.first else { return nil }
      let choices = values.map { GridOutline.Choice(label: "", assignments: [$0]) }
      return isOverridden(first.path) ? nil : GridOutline.Dimension(choices: choices, paths: [first.path])
    }
  }

  private func readValues(_ member: JSONNode.Member) -> [Assignment]? {
    let list = replacedAxes[member.key] ?? member.value
    guard let elements = readValueList(list) else { return nil }
    var seen: Set<JSONValue> = []
    for element in elements where !seen.insert(element.value).inserted {
      log.report(element.position, "is \(element.found), which the axis has already")
    }
    let assignments = elements.map { assignment(member.key, member.keyPosition, $0) }
    return assignments.contains { $0 == nil } ? nil : assignments.compactMap(\.self)
  }

  private mutating func readZip(_ node: JSONNode) {
    for element in readList(node, "objects of lists") {
      guard let members = element.members, !members.isEmpty else {
        log.report(element.position, "is \(element.found); expected an object of paths and lists of one length")
        continue
      }
      var columns: [[Assignment]] = []
      for member in members {
        let list = replacedAxes[member.key] ?? member.value
        guard let elements = readValueList(list) else { continue }
        let column = elements.compactMap { assignment(member.key, member.keyPosition, $0) }
        if let first = columns.first, column.count == elements.count, first.count != column.count {
          log.report(
            list.position,
            "has \(column.count) values, and \(first[0].path.text) has \(first.count); what varies together has "
              + "lists of one length")
        } else if column.count == elements.count {
          columns.append(column)
        }
      }
      columns.removeAll { isOverridden($0[0].path) }
      guard let first = columns.first else { continue }
      let choices = first.indices.map { row in
        GridOutline.Choice(label: "", assignments: ordered(columns.map { $0[row] }))
      }
      outline.dimensions.append(GridOutline.Dimension(choices: choices, paths: columns.map { $0[0].path }))
    }
  }

  private mutating func readWhen(_ node: JSONNode) {
    for element in readList(node, "objects with if and axes") {
      guard element.members != nil else {
        log.report(element.position, "is \(element.found); expected an object with if and axes")
        continue
      }
      for member in element.members ?? [] where !["if", "axes"].contains(member.key) {
        OptionReader(log: log).reportUnknown(member, in: "it", ["if", "axes"])
      }
      guard let condition = element["if"], let axes = element["axes"] else {
        log.report(
          element.position, member: element["if"] == nil ? "if" : "axes",
          "is missing; expected {\"if\": {path: value}, \"axes\": {path: [values]}}")
        continue
      }
      let dimensions = readAxes(axes.value)
      if let condition = readCondition(condition.value) {
        outline.conditionals.append(GridOutline.Conditional(condition: condition, dimensions: dimensions))
      }
    }
  }

  private func readCondition(_ node: JSONNode) -> GridOutline.Condition? {
    guard let members = node.members, !members.isEmpty else {
      log.report(node.position, "is \(node.found); expected an object of paths and values")
      return nil
    }
    var terms: [GridOutline.Term] = []
    for member in members {
      if member.key == "variant" {
        terms.append(GridOutline.Term(path: nil, value: member.value.value))
      } else if let assignment = assignment(member.key, member.keyPosition, member.value) {
        terms.append(GridOutline.Term(path: assignment.path, value: member.value.value))
      }
    }
    return terms.count == members.count ? GridOutline.Condition(terms: terms, position: node.position) : nil
  }

  private mutating func readInclusion(_ node: JSONNode) {
    let assignments = readPoint(node, besides: ["label"])
    guard node.members != nil else { return }
    guard let label = node["label"]?.value else {
      log.report(node.position, member: "label", "is missing; a point that stands by itself has a label")
      return
    }
    guard let text = label.string else {
      log.report(label.position, "is \(label.found); expected a text of 1 to 200 characters")
      return
    }
    checkLabel(text, label.position)
    outline.inclusions.append(
      GridOutline.Dimension(
        choices: [GridOutline.Choice(label: text, assignments: assignments)], isNamed: true,
        paths: assignments.map(\.path)))
  }

  private func readList(_ node: JSONNode, _ what: String) -> [JSONNode] {
    guard let elements = node.elements else {
      log.report(node.position, "is \(node.found); expected a list of \(what)")
      return []
    }
    return elements
  }
}
