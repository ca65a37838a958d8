import Architectures
import Presentation

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
    var section: GridSection
    /// Its place among the columns of its section.
    var place: Int
  }

  private(set) var configurations: [StudyConfiguration] = []
  private(set) var collapsed: [CollapsedPoint] = []

  private let outline: GridOutline
  private let root: JSONNode
  private let log: ErrorLog
  private let isOverridden: Bool
  private let reader: SectionReader

  /// All dimensions: those of every point, those under conditions, the included points.
  private var dimensions: [GridOutline.Dimension] = []
  /// For each section, which dimensions change it.
  private var touches: PerSection<[Bool]>
  private var cache: PerSection<[[Int32]: SectionPoint]>
  /// For each section, the paths that tables show, of all dimensions.
  private var columns: PerSection<[GridPath]>
  /// For each dimension, the columns that tables show of it.
  private var dimensionColumns: [[Column]] = []
  /// For each section, the terms of conditions that look into it.
  private var terms: PerSection<TermIndex>
  private var conditions: [[(section: GridSection?, place: Int, label: String)]] = []
  private var conditionHeld: [Bool] = []
  private var labels = PointLabels()
  private var budget: ExpansionBudget
  private var originals: [SectionReader.Identity: Int] = [:]

  init(
    outline: GridOutline, root: JSONNode, log: ErrorLog, isOverridden: Bool,
    describe: @escaping (DatasetSelection) throws -> DatasetDescription
  ) {
    (self.outline, self.root, self.log, self.isOverridden) = (outline, root, log, isOverridden)
    budget = ExpansionBudget(log: log, root: root)
    reader = SectionReader(
      log: log, metrics: outline.metrics, at: outline.metricsPosition ?? root.position, describe: describe)
    let dimensions = outline.dimensions + outline.conditionals.flatMap(\.dimensions) + outline.inclusions
    self.dimensions = dimensions
    touches = PerSection { section in dimensions.map { $0.paths.contains { $0.section == section } } }
    cache = PerSection { _ in [:] }
    columns = PerSection { _ in [] }
    terms = PerSection { _ in TermIndex() }
    var known: [GridPath: Column] = [:]
    dimensionColumns = dimensions.map { dimension in
      dimension.paths.map { path in
        if let column = known[path] { return column }
        let column = Column(
          number: known.count, path: path.text, section: path.section, place: columns[path.section].count)
        columns[path.section].append(path)
        known[path] = column
        return column
      }
    }
    for condition in outline.conditionals.map(\.condition) + outline.exclusions {
      conditions.append(condition.terms.map(place))
      conditionHeld.append(false)
    }
    guard budget.allows(outline, paths: known.count) else { return }
    labels = PointLabels(name: outline.name, dimensions)
  }

  /// What varies, as the study records it.
  func axes() -> [Axis] {
    var axes: [Axis] = []
    for dimension in dimensions.dropLast(outline.inclusions.count) {
      if dimension.isNamed {
        axes.append(Axis(path: "variant", values: dimension.choices.map(\.label)))
        continue
      }
      let rows = dimension.choices.map(dimension.shownValues)
      for (place, path) in dimension.paths.enumerated() {
        let values = rows.map { $0[place] }
        if let index = axes.firstIndex(where: { $0.path == path.text }) {
          axes[index].values = (axes[index].values + values).withoutRepeats
        } else {
          axes.append(Axis(path: path.text, values: values.withoutRepeats))
        }
      }
    }
    return axes
  }

  /// Reports errors of the sections as they stand in the file, so that what every point replaces is checked too.
  func checkSections() {
    for section in GridSection.allCases {
      if let node = outline.sections[section] { reader.checkPartially(node, section) }
    }
  }

  /// Makes the configurations.
  func expand() {
    let shared = outline.dimensions.indices
    let count = outline.dimensions.reduce(1.0) { $0 * Double($1.choices.count) } + Double(outline.inclusions.count)
    guard !budget.isSpent, budget.allows(points: count, seeds: outline.seeds.count),
      budget.allows(exclusions: outline.exclusions.count, points: count),
      budget.allows(nodes: GridSection.allCases.reduce(0) { $0 + leastNodes(of: $1) })
    else { return }
    let expected = Int(min(count, 200_000))
    configurations.reserveCapacity(expected)
    originals.reserveCapacity(expected)
    labels.reserveCapacity(expected)
    var picks = shared.map { Pick(dimension: $0, choice: 0) }
    if !shared.isEmpty || outline.inclusions.isEmpty {
      repeat { visitConditionals(picks, 0) } while advance(&picks) && goesOn
    }
    let first = dimensions.count - outline.inclusions.count
    for index in outline.inclusions.indices where goesOn {
      let picks = [Pick(dimension: first + index, choice: 0)]
      visit(picks, sections(of: picks))
      budget.spend(points: 1, seeds: outline.seeds.count, conditions: 1)
    }
    checkConditions()
  }

  private var goesOn: Bool { !log.isFull && !budget.isSpent }

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
      repeat { visitConditionals(picks + extra, index + 1) } while advance(&extra) && goesOn
      return
    }
    let points = sections(of: picks)
    var isExcluded = false
    for index in outline.conditionals.count..<conditions.count where holds(index, picks, points) { isExcluded = true }
    if !isExcluded { visit(picks, points) }
    budget.spend(points: 1, seeds: outline.seeds.count, conditions: conditions.count + picks.count)
  }

  private func visit(_ picks: [Pick], _ points: PerSection<SectionPoint>) {
    let label = labels.label(of: picks)
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
        label: labels.unique(label), settings: settings(of: picks, points),
        resolved: configuration, dataset: dataset))
  }

  // MARK: Sections

  private func sections(of picks: [Pick]) -> PerSection<SectionPoint> { PerSection { point(of: $0, picks) } }

  /// The form that a section takes at a point.
  private func point(of section: GridSection, _ picks: [Pick]) -> SectionPoint {
    var key: [Int32] = []
    for pick in picks where touches[section][pick.dimension] {
      key.append(Int32(pick.dimension))
      key.append(Int32(pick.choice))
    }
    if let point = cache[section][key] { return point }
    let point = makePoint(of: section, picks)
    point.shown = columns[section].map { point.value(at: $0)?.shown ?? "–" }
    point.terms = terms[section].hold(at: point)
    cache[section][key] = point
    return point
  }

  private func makePoint(of section: GridSection, _ picks: [Pick]) -> SectionPoint {
    var node = outline.sections[section]
    var isGood = true
    let assignments =
      picks.flatMap { dimensions[$0.dimension].choices[$0.choice].assignments.filter { $0.path.section == section } }
      + outline.overrides.filter { $0.path.section == section }
    for assignment in assignments {
      do {
        node = try assignment.applied(to: node)
      } catch {
        log.report(assignment.position, error.message)
        isGood = false
      }
    }
    budget.spend(nodes: node?.size ?? 0, assignments: assignments.count)
    let point = SectionPoint(node: node, isGood: isGood)
    if isGood {
      log.context = labels.parts(of: picks.filter { touches[section][$0.dimension] })
      point.identity = reader.read(node, section, root: root)
      log.context = ""
    }
    return point
  }

  /// How many nodes the forms of a section have at least, all together, where that is known before they are made: the
  /// section never shrinks where each assignment adds a value or replaces a single one.
  private func leastNodes(of section: GridSection) -> Double {
    guard let node = outline.sections[section] else { return 0 }
    let assignments = (dimensions.flatMap(\.choices).flatMap(\.assignments) + outline.overrides)
      .filter { $0.path.section == section }
    let neverShrinks = Set(assignments.map(\.path)).allSatisfy { (node.node(at: $0.steps)?.size ?? 1) == 1 }
    guard neverShrinks, !assignments.contains(where: \.mayDropKeys) else { return 0 }
    let forms = outline.dimensions.indices.filter { touches[section][$0] }
      .reduce(1) { $0 * Double(dimensions[$1].choices.count) }
    return forms * Double(node.size)
  }

  // MARK: Conditions

  private func place(_ term: GridOutline.Term) -> (section: GridSection?, place: Int, label: String) {
    guard let path = term.path else { return (nil, 0, term.value.string ?? "") }
    return (path.section, terms[path.section].add(path, term.value), "")
  }

  private func holds(_ condition: Int, _ picks: [Pick], _ points: PerSection<SectionPoint>? = nil) -> Bool {
    let holds = conditions[condition].allSatisfy { term in
      if let section = term.section { return (points?[section] ?? point(of: section, picks)).terms[term.place] }
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
    if configurations.isEmpty { log.record(root.position, "the grid has no point: everything is excluded") }
  }

  // MARK: Settings

  private func settings(of picks: [Pick], _ points: PerSection<SectionPoint>) -> [Setting] {
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
