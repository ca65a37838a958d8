import Architectures

/// Goes through the points of an outlined grid and makes a ``StudyConfiguration`` of each.
///
/// A point chooses one value of each dimension. Its sections depend on a few dimensions each, so each form of a section
/// is made and read once; equal forms are told by numbers from then on.
final class Expander {
  /// One choice of one dimension.
  struct Pick {
    var dimension: Int
    var choice: Int
  }

  /// A varied path as tables show it.
  private struct Column {
    /// Tells it from the others; the same path in two dimensions is one column.
    var number: Int
    var path: String
    var section: Int
    /// Its place among the columns of its section.
    var place: Int
  }

  private(set) var configurations: [StudyConfiguration] = []
  private(set) var collapsed: [CollapsedPoint] = []

  private let outline: GridOutline
  private let root: JSONNode
  private let log: FaultLog
  private let isOverridden: Bool
  private let reader: SectionReader

  /// All dimensions: those of every point, those under conditions, the included points.
  private var dimensions: [GridOutline.Dimension] = []
  /// For each section, which dimensions change it.
  private var touches: [[Bool]]
  private var cache: [[[Int32]: SectionPoint]]
  /// For each section, the paths that tables show, of all dimensions.
  private var columns: [[GridPath]]
  /// For each dimension, the columns that tables show of it.
  private var dimensionColumns: [[Column]] = []
  /// For each section, the terms of conditions that look into it.
  private var terms: [[GridOutline.Term]]
  private var conditions: [[(section: Int?, place: Int, label: String)]] = []
  private var conditionHeld: [Bool] = []
  private var labelParts: [[String]] = []
  private var labels: Set<String> = []
  private var originals: [SectionReader.Identity: Int] = [:]

  init(
    outline: GridOutline, root: JSONNode, log: FaultLog, isOverridden: Bool,
    describe: @escaping (DatasetSelection) throws -> DatasetDescription
  ) {
    (self.outline, self.root, self.log, self.isOverridden) = (outline, root, log, isOverridden)
    reader = SectionReader(log: log, describe: describe)
    let sections = GridSection.allCases
    touches = sections.map { _ in [] }
    cache = sections.map { _ in [:] }
    columns = sections.map { _ in [] }
    terms = sections.map { _ in [] }
    dimensions = outline.dimensions + outline.conditionals.flatMap(\.dimensions) + outline.inclusions
    for (index, section) in sections.enumerated() {
      touches[index] = dimensions.map { $0.paths.contains { $0.section == section } }
    }
    var known: [GridPath: Column] = [:]
    dimensionColumns = dimensions.map { dimension in
      dimension.paths.map { path in
        if let column = known[path] { return column }
        let section = index(of: path.section)
        let column = Column(number: known.count, path: path.text, section: section, place: columns[section].count)
        columns[section].append(path)
        known[path] = column
        return column
      }
    }
    for condition in outline.conditionals.map(\.condition) + outline.exclusions {
      conditions.append(condition.terms.map(place))
      conditionHeld.append(false)
    }
    labelParts = makeLabelParts()
  }

  /// What varies, as the study records it.
  func axes() -> [Axis] {
    var axes: [Axis] = []
    for dimension in dimensions.dropLast(outline.inclusions.count) {
      if dimension.isNamed {
        axes.append(Axis(path: "variant", values: dimension.choices.map(\.label)))
        continue
      }
      for path in dimension.paths {
        var values: [String] = []
        for choice in dimension.choices {
          for assignment in choice.assignments where assignment.path == path {
            let text = assignment.value.value.shown
            if !values.contains(text) { values.append(text) }
          }
        }
        if let index = axes.firstIndex(where: { $0.path == path.text }) {
          axes[index].values += values.filter { !axes[index].values.contains($0) }
        } else {
          axes.append(Axis(path: path.text, values: values))
        }
      }
    }
    return axes
  }

  /// Reports faults of the sections as they stand in the file, so that what every point replaces is checked too.
  func checkSections() {
    for section in GridSection.allCases {
      if let node = outline.sections[section] { reader.checkPartially(node, section) }
    }
  }

  /// Makes the configurations.
  func expand() {
    let shared = outline.dimensions.indices
    let count = outline.dimensions.reduce(1.0) { $0 * Double($1.choices.count) } + Double(outline.inclusions.count)
    guard check(count) else { return }
    var picks = shared.map { Pick(dimension: $0, choice: 0) }
    if !shared.isEmpty || outline.inclusions.isEmpty {
      repeat { visitConditionals(picks, 0) } while advance(&picks) && !log.isFull
    }
    let first = dimensions.count - outline.inclusions.count
    for index in outline.inclusions.indices {
      visit([Pick(dimension: first + index, choice: 0)], isIncluded: true)
    }
    checkConditions()
  }

  /// Refuses a grid that is larger than anyone wants.
  private func check(_ points: Double) -> Bool {
    let trials = points * Double(outline.seeds.count)
    guard points > Double(Grid.maximumPoints) || trials > Double(Grid.maximumTrials) else { return true }
    log.state(
      root.position,
      "the grid has \(JSONNumber(points).text) points and \(JSONNumber(trials).text) trials; at most "
        + "\(Grid.maximumPoints) and \(Grid.maximumTrials) are allowed")
    return false
  }

  /// Goes to the next point; the last dimension varies fastest.
  private func advance(_ picks: inout [Pick]) -> Bool {
    for place in picks.indices.reversed() {
      picks[place].choice += 1
      if picks[place].choice < dimensions[picks[place].dimension].choices.count { return true }
      picks[place].choice = 0
    }
    return false
  }

  /// Adds the dimensions whose condition holds, one after the other, and visits their product.
  private func visitConditionals(_ picks: [Pick], _ first: Int) {
    var offset = outline.dimensions.count
    for (index, conditional) in outline.conditionals.enumerated() {
      defer { offset += conditional.dimensions.count }
      guard index >= first, holds(index, picks) else { continue }
      var extra = conditional.dimensions.indices.map { Pick(dimension: offset + $0, choice: 0) }
      repeat { visitConditionals(picks + extra, index + 1) } while advance(&extra) && !log.isFull
      return
    }
    let exclusions = outline.conditionals.count..<conditions.count
    var isExcluded = false
    for index in exclusions where holds(index, picks) { isExcluded = true }
    if !isExcluded { visit(picks, isIncluded: false) }
  }

  private func visit(_ picks: [Pick], isIncluded: Bool) {
    guard configurations.count + collapsed.count <= Grid.maximumPoints else {
      _ = check(Double(Grid.maximumPoints + 1))
      return
    }
    let label = label(of: picks)
    let points = sections(of: picks)
    guard points.allSatisfy({ $0.isGood && $0.identity != nil }),
      let (identity, configuration, dataset) = reader.configuration(points, label: label)
    else { return }
    if let original = originals[identity] {
      collapsed.append(CollapsedPoint(label: label, original: configurations[original].label))
      return
    }
    originals[identity] = configurations.count
    configurations.append(
      StudyConfiguration(
        label: unique(label, isIncluded ? picks.first : nil), settings: settings(of: picks, points),
        configuration: configuration, dataset: dataset))
    if configurations.count * outline.seeds.count > Grid.maximumTrials { _ = check(Double(configurations.count)) }
  }

  // MARK: Sections

  private func index(of section: GridSection) -> Int { GridSection.allCases.firstIndex(of: section) ?? 0 }

  private func sections(of picks: [Pick]) -> [SectionPoint] {
    GridSection.allCases.indices.map { section(of: picks, $0) }
  }

  /// The form that a section takes at a point.
  private func section(of picks: [Pick], _ index: Int) -> SectionPoint {
    var key: [Int32] = []
    for pick in picks where touches[index][pick.dimension] {
      key.append(Int32(pick.dimension))
      key.append(Int32(pick.choice))
    }
    if let point = cache[index][key] { return point }
    let point = makeSection(of: picks, GridSection.allCases[index])
    point.shown = columns[index].map { point.value(at: $0)?.shown ?? "–" }
    point.terms = terms[index].map { term in term.path.flatMap { point.value(at: $0) } == term.value }
    cache[index][key] = point
    return point
  }

  private func makeSection(of picks: [Pick], _ section: GridSection) -> SectionPoint {
    var node = outline.sections[section]
    var isGood = true
    let assignments = picks.flatMap { dimensions[$0.dimension].choices[$0.choice].assignments } + outline.overrides
    for assignment in assignments where assignment.path.section == section {
      do {
        node = try assignment.applied(to: node)
      } catch {
        log.report(assignment.position, error.message)
        isGood = false
      }
    }
    let point = SectionPoint(node: node, isGood: isGood)
    if isGood {
      log.context = picks.filter { touches[index(of: section)][$0.dimension] }
        .map { labelParts[$0.dimension][$0.choice] }.joined(separator: ", ")
      point.identity = reader.read(node, section, root: root)
      log.context = ""
    }
    return point
  }

  // MARK: Conditions

  private func place(_ term: GridOutline.Term) -> (section: Int?, place: Int, label: String) {
    guard let path = term.path else { return (nil, 0, term.value.string ?? "") }
    let section = index(of: path.section)
    terms[section].append(term)
    return (section, terms[section].count - 1, "")
  }

  private func holds(_ condition: Int, _ picks: [Pick]) -> Bool {
    let holds = conditions[condition].allSatisfy { term in
      if let index = term.section { return section(of: picks, index).terms[term.place] }
      return picks.contains {
        dimensions[$0.dimension].isNamed && dimensions[$0.dimension].choices[$0.choice].label == term.label
      }
    }
    if holds { conditionHeld[condition] = true }
    return holds
  }

  /// A condition that never holds is a slip of the pen, unless an override took away what it speaks of.
  private func checkConditions() {
    guard log.isEmpty, !isOverridden, outline.overrides.isEmpty else { return }
    for (index, condition) in (outline.conditionals.map(\.condition) + outline.exclusions).enumerated()
    where !conditionHeld[index] {
      log.report(condition.position, "holds for no point of the grid; compare its paths and values with the axes")
    }
    if configurations.isEmpty { log.state(root.position, "the grid has no point: everything is excluded") }
  }

  // MARK: Labels and settings

  private func makeLabelParts() -> [[String]] {
    var paths: [GridPath] = []
    for path in dimensions.filter({ !$0.isNamed }).flatMap(\.paths) where !paths.contains(path) { paths.append(path) }
    let names = Dictionary(uniqueKeysWithValues: paths.map { ($0, shortName(of: $0, among: paths)) })
    return dimensions.map { dimension in
      dimension.choices.map { choice in
        if dimension.isNamed { return choice.label }
        let parts = dimension.paths.compactMap { path in
          choice.assignments.first { $0.path == path }.map {
            "\(names[path] ?? path.text) \($0.value.value.shown)"
          }
        }
        return parts.joined(separator: ", ")
      }
    }
  }

  /// The last key of a path, or as much of the path's end as tells it from the others.
  private func shortName(of path: GridPath, among paths: [GridPath]) -> String {
    let clashes = paths.contains { $0 != path && $0.lastKey == path.lastKey }
    return clashes ? path.text : path.lastKey
  }

  private func label(of picks: [Pick]) -> String {
    if picks.isEmpty { return outline.name }
    let label = picks.map { labelParts[$0.dimension][$0.choice] }.joined(separator: ", ")
    return label.utf8.count <= 200 || label.unicodeScalars.count <= 200
      ? label : String(String.UnicodeScalarView(label.unicodeScalars.prefix(199))) + "…"
  }

  /// The label, with a number behind it where another point has it already.
  private func unique(_ label: String, _ included: Pick?) -> String {
    if labels.insert(label).inserted { return label }
    var number = 2
    while !labels.insert("\(label) (\(number))").inserted { number += 1 }
    return "\(label) (\(number))"
  }

  private func settings(of picks: [Pick], _ points: [SectionPoint]) -> [Setting] {
    var settings: [Setting] = []
    var shown: [Int] = []
    for pick in picks {
      let dimension = dimensions[pick.dimension]
      if dimension.isNamed { settings.append(Setting(path: "variant", value: dimension.choices[pick.choice].label)) }
      for column in dimensionColumns[pick.dimension] where !shown.contains(column.number) {
        shown.append(column.number)
        settings.append(Setting(path: column.path, value: points[column.section].shown[column.place]))
      }
    }
    return settings
  }
}
