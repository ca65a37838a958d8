import Architectures
import Presentation

/// What a grid says, taken apart: the sections that all points share, and what varies.
struct GridOutline {
  var name = ""
  var title = ""
  var seeds: [UInt64] = [0]
  /// What is scored beside loss and accuracy, and where the grid says so.
  var metrics: [ClassificationScore] = []
  var metricsPosition: SourcePosition?
  var sections: [GridSection: JSONNode] = [:]
  /// What every point has a choice of, in file order.
  var dimensions: [Dimension] = []
  /// What only some points have a choice of.
  var conditionals: [Conditional] = []
  var exclusions: [Condition] = []
  var inclusions: [Dimension] = []
  /// What goes over every point.
  var overrides: [Assignment] = []

  /// One thing that varies: the variants, an axis, or a group that varies together.
  struct Dimension {
    var choices: [Choice]
    var isNamed = false
    /// The paths that it sets, in file order.
    var paths: [GridPath]

    /// The values that a choice gives the paths, as tables show them.
    func shownValues(of choice: Choice) -> [String] {
      let values = Dictionary(choice.assignments.map { ($0.path, $0.value.value.shown) }) { $1 }
      return paths.map { values[$0] ?? "" }
    }
  }

  /// One of the values that a dimension takes.
  struct Choice {
    var label: String
    var assignments: [Assignment]
  }

  /// Dimensions that exist where a condition holds.
  struct Conditional {
    var condition: Condition
    var dimensions: [Dimension]
  }

  /// A partial point: all its terms hold.
  struct Condition {
    var terms: [Term]
    var position: SourcePosition
  }

  /// A path, or the variant, and the value that it must have.
  struct Term {
    var path: GridPath?
    var value: JSONValue
  }

  static let keys =
    [
      "$schema", "extends", "name", "title", "tags", "notes", "dataset", "model", "optimizer", "loss", "training",
      "initial_weights", "metrics", "seeds", "variants", "axes", "zip", "sample", "when", "exclude", "include", "set",
    ]
}
