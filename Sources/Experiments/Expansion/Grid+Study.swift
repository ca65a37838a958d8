import Architectures
import Presentation

extension Grid {
  /// Points that a grid may have before its seeds are counted.
  public static let maximumPoints = 200_000
  /// Trials that a grid may have.
  public static let maximumTrials = 1_000_000

  /// Checks the grid and expands it.
  ///
  /// - Parameters:
  ///   - overrides: what goes over the grid, first to last; on an axis it takes the axis's place.
  ///   - describe: shape, classes and sizes of a data set; asked once for each that the grid names.
  /// - Returns: the study; its configurations share what they have in common.
  /// - Throws: all faults of the grid.
  /// - Complexity: linear in the number of configurations; a section (model, optimizer …) is read once for each of
  ///   the forms that it takes.
  public func study(
    overrides: [GridOverride] = [], describe: @escaping (DatasetSelection) throws -> DatasetDescription
  ) throws(GridFaults) -> Study {
    let log = FaultLog(file: file, root: root, overrides: overrides)
    for duplicate in duplicates {
      log.state(
        duplicate.position,
        "key \(quoted(duplicate.key)) stands twice in one object; it is on line \(duplicate.first.line) already")
    }
    guard root.members != nil else {
      log.state(root.position, "a grid is an object; found \(root.found)")
      try log.check()
      preconditionFailure("a fault was reported")
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

  /// Keys of a grid that an override replaces as a whole.
  static let wholeKeys = ["name", "title", "seeds"]

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
      if Self.wholeKeys.contains(override.path) {
        put(override.path, node.value, in: &members)
      } else {
        put(override.path, node.value, in: &set)
      }
    }
    if !set.isEmpty { put("set", .object(set), in: &members) }
    return JSONValue.object(members).prettyText + "\n"
  }
}

extension GridOverride {
  /// The value as JSON where it is that, otherwise as a string.
  func node(source: Int32) -> JSONNode {
    var reader = JSONReader(Array(value.utf8), source: source)
    if let node = try? reader.read() { return node }
    return JSONNode(position: SourcePosition(source: source, line: 1, column: 1), content: .string(value))
  }
}
