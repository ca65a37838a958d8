import Architectures
import Presentation

extension Grid {
  /// Checks the grid and expands it.
  ///
  /// - Parameters:
  ///   - overrides: what goes over the grid, first to last; on an axis it takes the axis's place.
  ///   - describe: shape, classes and sizes of a data set; asked once for each that the grid names.
  /// - Returns: the study; its configurations share what they have in common.
  /// - Throws: all errors of the grid.
  /// - Complexity: linear in the number of configurations; a section (model, optimizer …) is read once for each of
  ///   the forms that it takes.
  package func study(
    overrides: [GridOverride] = [], describe: @escaping (DatasetSelection) throws -> DatasetDescription
  ) throws(GridErrors) -> Study {
    let log = ErrorLog(files: files, root: root, overrides: overrides)
    for duplicate in duplicates {
      log.record(
        duplicate.position,
        "key \(quoted(duplicate.key)) stands twice in one object; it is on line \(duplicate.first.line) already")
    }
    guard root.members != nil else {
      log.record(root.position, "a grid is an object; found \(root.found)")
      try log.check()
      preconditionFailure("an error was reported")
    }
    let parsed = overrides.enumerated().map { ($1, $1.node(source: Int32($0 + 1))) }
    var reader = OutlineReader(log: log)
    let outline = reader.read(root, overrides: parsed)
    let expander = Expander(
      outline: outline, root: root, log: log, isOverridden: !overrides.isEmpty, describe: describe)
    expander.checkSections()
    expander.expand()
    try log.check()
    return Study(
      name: outline.name, title: outline.title, axes: expander.axes(), configurations: expander.configurations,
      seeds: outline.seeds, gridText: text(with: parsed), collapsed: expander.collapsed)
  }

  /// The grid's text; where something goes over it, a grid that says the same by itself, under `set`.
  private func text(with overrides: [(GridOverride, JSONNode)]) -> String {
    guard !overrides.isEmpty, case .object(var members) = root.value else { return text }
    func put(_ key: String, _ value: JSONValue, in members: inout [JSONValue.Member]) {
      if let index = members.firstIndex(where: { $0.key == key }) {
        members[index].value = value
      } else {
        members.append(JSONValue.Member(key, value))
      }
    }
    var set: [JSONValue.Member] = []
    if case .object(let members)? = root["set"]?.value.value { set = members }
    for (override, node) in overrides {
      if GridOverride.wholeKeys.contains(override.path) {
        put(override.path, node.value, in: &members)
      } else {
        put(override.path, node.value, in: &set)
      }
    }
    if !set.isEmpty { put("set", .object(set), in: &members) }
    return JSONValue.object(members).prettyText + "\n"
  }
}
