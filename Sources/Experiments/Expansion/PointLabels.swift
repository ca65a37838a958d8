/// The labels of a grid's points: a part for each choice, and each label given once.
struct PointLabels {
  private var name = ""
  /// By dimension and choice.
  private var parts: [[String]] = []
  private var taken: Set<String> = []
  /// How often a label was wanted again.
  private var repeats: [String: Int] = [:]

  init() {}

  /// - Parameter name: the grid's, for a point that chooses nothing.
  init(name: String, _ dimensions: [GridOutline.Dimension]) {
    self.name = name
    let paths = Set(dimensions.filter { !$0.isNamed }.flatMap(\.paths))
    // A path goes by its last key, or by its whole text where another path ends in the same.
    let lastKeys = Dictionary(grouping: paths, by: \.lastKey)
    func shown(_ path: GridPath) -> String { lastKeys[path.lastKey]?.count == 1 ? path.lastKey : path.text }
    parts = dimensions.map { dimension in
      dimension.choices.map { choice in
        if dimension.isNamed { return choice.label }
        return zip(dimension.paths, dimension.shownValues(of: choice)).map { "\(shown($0)) \($1)" }
          .joined(separator: ", ")
      }
    }
  }

  /// Makes room for so many labels.
  mutating func reserveCapacity(_ count: Int) { taken.reserveCapacity(count) }

  /// What the choices are called, one after the other.
  func parts(of picks: [Expander.Pick]) -> String {
    picks.map { parts[$0.dimension][$0.choice] }.joined(separator: ", ")
  }

  /// The label of a point, of at most 200 characters.
  func label(of picks: [Expander.Pick]) -> String {
    if picks.isEmpty { return name }
    let label = parts(of: picks)
    return label.utf8.count <= 200 || label.unicodeScalars.count <= 200
      ? label : String(String.UnicodeScalarView(label.unicodeScalars.prefix(199))) + "…"
  }

  /// The label, with a number behind it where another point has it already.
  mutating func unique(_ label: String) -> String {
    if taken.insert(label).inserted { return label }
    var number = repeats[label, default: 1]
    repeat { number += 1 } while !taken.insert("\(label) (\(number))").inserted
    repeats[label] = number
    return "\(label) (\(number))"
  }
}
