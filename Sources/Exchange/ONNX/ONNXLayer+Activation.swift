import Architectures

extension Activation: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    switch function {
    case .relu: graph.add("Relu", [input])
    case .leakyReLU: graph.add("LeakyRelu", [input], [("alpha", .float(values[0]))])
    case .elu: graph.add("Elu", [input], [("alpha", .float(values[0]))])
    case .sigmoid: graph.add("Sigmoid", [input])
    case .tanh: graph.add("Tanh", [input])
    case .gelu: values[0] == 0 ? graph.geluByErf(input) : graph.geluByTanh(input)
    case .silu: graph.add("Mul", [input, graph.add("Sigmoid", [input])])
    case .softplus: graph.softplus(input, beta: values[0], threshold: values[1])
    case .hardswish: graph.add("HardSwish", [input])
    case .mish: graph.add("Mul", [input, graph.add("Tanh", [graph.add("Softplus", [input])])])
    case .selu: graph.add("Selu", [input])
    case .hardtanh: graph.add("Clip", [input, graph.scalar(values[0]), graph.scalar(values[1])])
    case .relu6: graph.add("Clip", [input, graph.scalar(0), graph.scalar(6)])
    }
  }
}

extension PReLU: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) throws -> String {
    let slope = try layer.tensor("weight", or: 0, count: parameterCount, in: &graph)
    return graph.add("PRelu", [input, parameterCount == 1 ? slope : graph.perChannel(slope, layer)])
  }
}

extension Softmax: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    graph.add("Softmax", [input], [("axis", .integer(1))])
  }
}

extension LogSoftmax: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    graph.add("LogSoftmax", [input], [("axis", .integer(1))])
  }
}

extension ONNXGraph {
  /// `x · (1 + erf(x / √2)) / 2`
  fileprivate mutating func geluByErf(_ input: String) -> String {
    let error = add("Erf", [add("Mul", [input, scalar(0.5.squareRoot())])])
    return halved(input, error)
  }

  /// `x · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))) / 2`
  fileprivate mutating func geluByTanh(_ input: String) -> String {
    let cube = add("Mul", [add("Mul", [input, input]), input])
    let sum = add("Add", [input, add("Mul", [cube, scalar(0.044715)])])
    let root = (2 / Double.pi).squareRoot()
    return halved(input, add("Tanh", [add("Mul", [sum, scalar(root)])]))
  }

  private mutating func halved(_ input: String, _ value: String) -> String {
    add("Mul", [add("Mul", [input, scalar(0.5)]), add("Add", [value, scalar(1)])])
  }

  /// `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above the threshold.
  fileprivate mutating func softplus(_ input: String, beta: Double, threshold: Double) -> String {
    let scaled = add("Mul", [input, scalar(beta)])
    let bend = add("Div", [add("Softplus", [scaled]), scalar(beta)])
    return add("Where", [add("Greater", [scaled, scalar(threshold)]), input, bend])
  }
}
