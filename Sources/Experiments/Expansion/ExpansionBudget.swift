import Architectures
import Presentation

/// What expanding a grid may cost: a grid that spends more is refused with a message, so that no text makes the program
/// hang or fill the memory. A grid of 100,000 trials spends a tenth of it.
struct ExpansionBudget {
  /// Points that a grid may have before its seeds are counted.
  private static let maximumPoints = 200_000
  /// Trials that a grid may have.
  private static let maximumTrials = 1_000_000
  /// Conditions that may be looked at, over all points.
  private static let maximumConditions = 20_000_000
  /// Nodes that the forms of all sections may have together, each counted once more per assignment that copies it.
  private static let maximumNodes = 10_000_000

  let log: ErrorLog
  let root: JSONNode
  /// Whether a grid was refused.
  private(set) var isSpent = false
  private var points = 0
  private var conditions = 0
  private var nodes = 0
  private var pointsWithErrors = 0

  init(log: ErrorLog, root: JSONNode) { (self.log, self.root) = (log, root) }

  /// Whether the number of things that vary is sane.
  mutating func allows(_ outline: GridOutline, paths: Int) -> Bool {
    let dimensions = outline.dimensions.count + outline.conditionals.reduce(0) { $0 + $1.dimensions.count }
    for (count, limit, what) in [
      (dimensions, 200, "axes"), (paths, 1_000, "different paths"),
      (outline.conditionals.count, 200, "conditions in when"),
    ] where count > limit {
      refuse("the grid has \(count) \(what); at most \(limit) are allowed")
    }
    return !isSpent
  }

  /// Whether a grid may have so many points.
  mutating func allows(points: Double, seeds: Int) -> Bool {
    let trials = points * Double(seeds)
    if points > Double(Self.maximumPoints) || trials > Double(Self.maximumTrials) {
      refuse(
        "the grid has \(JSONNumber(points).text) points and \(JSONNumber(trials).text) trials; at most "
          + "\(Self.maximumPoints) and \(Self.maximumTrials) are allowed")
    }
    return !isSpent
  }

  /// Whether so many points may be looked up in a list of those to leave out.
  mutating func allows(exclusions: Int, points: Double) -> Bool {
    if Double(exclusions) * points > Double(Self.maximumConditions) {
      refuse(
        "exclude has \(exclusions) points and the grid \(JSONNumber(points).text), each of which is compared with all; "
          + "at most \(Self.maximumConditions) comparisons are allowed, so exclude fewer or split the grid")
    }
    return !isSpent
  }

  /// Takes note of a point that was visited, kept or not.
  mutating func spend(points more: Int, seeds: Int, conditions: Int) {
    points += more
    self.conditions += conditions
    // Where something is wrong, a sample of the points shows what else is.
    if !log.isEmpty { pointsWithErrors += 1 }
    if pointsWithErrors > 2_000 { isSpent = true }
    _ = allows(points: Double(points), seeds: seeds)
    if self.conditions > Self.maximumConditions {
      refuse("the grid has too many axes and conditions for so many points; split it into several grids")
    }
  }

  /// Whether the forms of the sections may have so many nodes.
  mutating func allows(nodes: Double) -> Bool {
    if nodes > Double(Self.maximumNodes) {
      refuse("the grid's sections are too large for so many points; split it into several grids")
    }
    return !isSpent
  }

  /// Takes note of a form of a section that was made by assignments, each of which copies, and then read.
  mutating func spend(nodes more: Int, assignments: Int) {
    nodes += more * (1 + assignments)
    _ = allows(nodes: Double(nodes))
  }

  private mutating func refuse(_ message: String) {
    if !isSpent { log.record(root.position, message) }
    isSpent = true
  }
}

extension JSONNode {
  /// The number of values in the node, itself included.
  var size: Int {
    switch content {
    case .array(let elements): elements.reduce(1) { $0 + $1.size }
    case .object(let members): members.reduce(1) { $0 + $1.value.size }
    default: 1
    }
  }
}
