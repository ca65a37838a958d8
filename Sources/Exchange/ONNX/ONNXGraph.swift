/// A graph of operators that is built layer by layer.
struct ONNXGraph {
  /// An operator in its place.
  private struct Node {
    var name: String
    var type: String
    var inputs: [String]
    var output: String
    var attributes: [(name: String, value: ONNXAttribute)]
  }

  /// The name of the value that the graph takes.
  static let input = "input"
  /// The name of the value that the graph gives.
  static let output = "output"
  /// The name of the number of examples, which is free.
  static let batch = "N"

  private let name: String
  private let inputShape: [Int]
  private var outputShape: [Int] = []
  private var nodes: [Node] = []
  private var weights: [(name: String, message: ProtocolBuffer)] = []
  /// The layer that nodes are added for, and how many it has.
  private var (layer, count) = ("", 0)

  /// Creates a graph of examples of a shape, without operators.
  init(name: String, input: [Int]) { (self.name, inputShape) = (name, input) }

  /// Names the layer that the next operators belong to.
  mutating func begin(layer: String) { (self.layer, count) = (layer, 0) }

  /// Adds an operator.
  ///
  /// - Parameter inputs: names of values; an empty one leaves an optional input out.
  /// - Returns: the name of its output.
  mutating func add(
    _ type: String, _ inputs: [String], _ attributes: [(name: String, value: ONNXAttribute)] = []
  ) -> String {
    count += 1
    // No tensor of a weight file begins like this and ends with a number.
    let name = "/\(layer)/\(type)_\(count)"
    nodes.append(Node(name: name, type: type, inputs: inputs, output: name, attributes: attributes))
    return name
  }

  /// Adds a constant that is no weight.
  ///
  /// - Returns: the name of its value.
  mutating func constant(_ tensor: ONNXTensor) -> String { add("Constant", [], [("value", .tensor(tensor))]) }

  /// Adds whole numbers in a row.
  mutating func integers(_ values: [Int]) -> String { constant(.integers(values)) }

  /// Adds a number.
  mutating func scalar(_ value: Double) -> String { constant(.scalar(value)) }

  /// Adds a weight under PyTorch's name.
  ///
  /// - Returns: that name.
  mutating func weight(_ name: String, _ values: [Float], shape: [Int]) -> String {
    weights.append((name, ONNXTensor.floats(values, shape: shape).message(name: name)))
    return name
  }

  /// Ends the graph: a value becomes its output.
  mutating func end(_ value: String, shape: [Int]) {
    outputShape = shape
    let isMade = nodes.contains { $0.output == value }
    let last = isMade ? value : add("Identity", [value])
    for index in nodes.indices {
      if nodes[index].output == last { nodes[index].output = Self.output }
      nodes[index].inputs = nodes[index].inputs.map { $0 == last ? Self.output : $0 }
    }
  }

  /// The message `GraphProto`.
  var message: ProtocolBuffer {
    var graph = ProtocolBuffer()
    for node in nodes {
      graph.add(1) { message in
        for input in node.inputs { message.add(1, input) }
        message.add(2, node.output)
        message.add(3, node.name)
        message.add(4, node.type)
        for (name, value) in node.attributes { message.add(5, value.message(name: name)) }
      }
    }
    graph.add(2, name)
    for weight in weights { graph.add(5, weight.message) }
    graph.add(11, Self.value(Self.input, inputShape))
    graph.add(12, Self.value(Self.output, outputShape))
    return graph
  }

  /// The message `ValueInfoProto` of floats: any number of examples of a shape.
  private static func value(_ name: String, _ shape: [Int]) -> ProtocolBuffer {
    var value = ProtocolBuffer()
    value.add(1, name)
    value.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, 1)
        tensor.add(2) { dimensions in
          dimensions.add(1) { $0.add(2, batch) }
          for size in shape { dimensions.add(1) { $0.add(1, size) } }
        }
      }
    }
    return value
  }
}
