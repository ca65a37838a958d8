import Architectures

// Layers that move values and compute none.

extension Flatten: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    graph.add("Flatten", [input], [("axis", .integer(1))])
  }
}

extension Unflatten: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    graph.reshape(input, to: layer.output)
  }
}

extension Dropout: ONNXLayer {
  /// Nothing: only training drops.
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String { input }
}

extension ImagePadding: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    switch fill {
    case .zero: graph.pad(input, layer.input, sides, .constant(0))
    case .constant: graph.pad(input, layer.input, sides, .constant(value))
    case .reflection: graph.pad(input, layer.input, sides, .reflect)
    case .replication: graph.pad(input, layer.input, sides, .edge)
    case .circular: graph.pad(input, layer.input, sides, .wrap)
    }
  }
}

extension Upsample: ONNXLayer {
  /// Picks rows and columns one by one, since runtimes differ in how they round a factor.
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    var value = input
    for axis in 1..<layer.input.count where layer.output[axis] != layer.input[axis] {
      let scale = scale.map { $0.count == 1 ? $0[0] : $0[axis - 1] }
      let places = Self.sources(input: layer.input[axis], output: layer.output[axis], scale: scale)
      value = graph.add("Gather", [value, graph.integers(places)], [("axis", .integer(axis + 1))])
    }
    return value
  }
}

extension Subsample: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    let axes = Array(2..<(layer.input.count + 1))
    let steps = rank == .two ? [stride.height, stride.width] : [stride.width]
    var value = input
    if steps.contains(where: { $0 > 1 }) {
      value = graph.add(
        "Slice",
        [
          value, graph.integers(axes.map { _ in 0 }), graph.integers(Array(layer.input.dropFirst())),
          graph.integers(axes), graph.integers(steps),
        ])
    }
    let added = layer.output[0] - layer.input[0]
    guard added > 0 else { return value }
    let sides = axes.map { _ in 0 }
    return graph.add(
      "Pad", [value, graph.integers([0, added / 2] + sides + [0, added - added / 2] + sides), graph.scalar(0)],
      [("mode", .text("constant"))])
  }
}

/// What lies in a padding.
enum ONNXFill {
  /// A value.
  case constant(Double)
  /// The image mirrored at its edge.
  case reflect
  /// The edge's own value.
  case edge
  /// The opposite side.
  case wrap
}

extension ONNXGraph {
  /// Gives every example another shape.
  mutating func reshape(_ input: String, to shape: [Int]) -> String {
    add("Reshape", [input, integers([-1] + shape)])
  }

  /// Adds rows and columns around images, or values around sequences.
  ///
  /// - Parameter shape: the shape of one example before.
  mutating func pad(_ input: String, _ shape: [Int], _ border: Border, _ fill: ONNXFill) -> String {
    guard border != .none else { return input }
    let isImage = shape.count == 3
    let near = isImage ? [border.top, border.left] : [border.left]
    let far = isImage ? [border.bottom, border.right] : [border.right]
    func padded(_ mode: String, _ value: [String]) -> String {
      let pads = integers([0, 0] + near + [0, 0] + far)
      return add("Pad", [input, pads] + value, [("mode", .text(mode))])
    }
    switch fill {
    case .constant(let value): return padded("constant", [scalar(value)])
    case .reflect: return padded("reflect", [])
    case .edge: return padded("edge", [])
    case .wrap:
      // The mode "wrap" came with operator set 19.
      var value = input
      for (place, (before, behind)) in zip(near, far).enumerated() where before + behind > 0 {
        let (axis, size) = (place + 2, shape[place + 1])
        func slice(_ range: Range<Int>) -> String {
          add(
            "Slice", [value, integers([range.lowerBound]), integers([range.upperBound]), integers([axis])])
        }
        let parts =
          (before > 0 ? [slice(size - before..<size)] : []) + [value] + (behind > 0 ? [slice(0..<behind)] : [])
        value = add("Concat", parts, [("axis", .integer(axis))])
      }
      return value
    }
  }
}
