/// Where a layer stands in a description: its place in the model's layers, and in nested ones the path and the place
/// there.
package struct LayerPlace: Hashable, Sendable, CustomStringConvertible {
  /// One step down.
  package enum Step: Hashable, Sendable {
    /// A key of an object; in a layer, the name of a path or of a list of paths.
    case key(String)
    /// A place in a list, from 0.
    case index(Int)
  }

  /// The steps from the model's `layers`.
  package var steps: [Step]

  /// The number of layers that it lies in.
  package var depth: Int {
    // Every path has one key.
    var depth = 0
    for step in steps { if case .key = step { depth += 1 } }
    return depth
  }

  /// As a sentence has it: `layer 3`, or ``description`` inside another layer.
  package var title: String {
    if case .index(let index)? = steps.first, steps.count == 1 { "layer \(index)" } else { description }
  }

  /// A layer's title, and where it stands, if that is inside another: `conv2 (layers[3].shortcut[0])`.
  package func titled(_ title: String) -> String { depth > 0 ? "\(title) (\(self))" : title }

  /// As a grid names it: `layers[3].branches[1][0]`.
  package var description: String {
    steps.reduce("layers") { text, step in
      switch step {
      case .key(let key): "\(text).\(key)"
      case .index(let index): "\(text)[\(index)]"
      }
    }
  }
}
