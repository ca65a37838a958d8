/// A network in the format of ONNX: a graph of operators over named values.
///
/// Source: onnx/onnx.proto, IR version 8, of which operator set 17 is.
struct ONNXModel {
  /// Why ``irVersion`` and ``operatorSet`` are what they are: every runtime since 2022 reads them.
  static let irVersion = 8
  static let operatorSet = 17
  /// What a file of Protocol Buffers holds at most.
  static let maximumBytes = Int(Int32.max)

  /// The graph.
  var graph: ONNXGraph
  /// What people should know of it.
  var documentation: String
  /// Facts under names, for programs.
  var metadata: [(key: String, value: String)]
  /// The version of the program that writes it.
  var producerVersion: String

  /// The file.
  var bytes: [UInt8] {
    var model = ProtocolBuffer()
    model.add(1, Self.irVersion)
    model.add(2, "bench")
    model.add(3, producerVersion)
    model.add(6, documentation)
    model.add(7, graph.message)
    model.add(8) { $0.add(2, Self.operatorSet) }
    for (key, value) in metadata {
      model.add(14) { entry in
        entry.add(1, key)
        entry.add(2, value)
      }
    }
    return model.bytes
  }
}

/// A tensor of constants.
enum ONNXTensor {
  /// 32-bit floats, row-major.
  case floats([Float], shape: [Int])
  /// 64-bit integers, in a row.
  case integers([Int])

  /// A single float.
  static func scalar(_ value: Double) -> ONNXTensor { .floats([Float(value)], shape: []) }

  /// The message `TensorProto`.
  ///
  /// - Parameter name: what the graph calls it; `nil` inside an attribute.
  func message(name: String? = nil) -> ProtocolBuffer {
    var tensor = ProtocolBuffer()
    var data: [UInt8] = []
    switch self {
    case .floats(let values, let shape):
      if !shape.isEmpty { tensor.add(1, packed: shape) }
      tensor.add(2, 1)
      data.reserveCapacity(4 * values.count)
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
    case .integers(let values):
      tensor.add(1, packed: [values.count])
      tensor.add(2, 7)
      for value in values { withUnsafeBytes(of: Int64(value).littleEndian) { data += $0 } }
    }
    if let name { tensor.add(8, name) }
    tensor.add(9, data)
    return tensor
  }
}

/// The value of an operator's attribute.
enum ONNXAttribute {
  /// A 32-bit float.
  case float(Double)
  /// A whole number.
  case integer(Int)
  /// A text.
  case text(String)
  /// Whole numbers.
  case integers([Int])
  /// A constant.
  case tensor(ONNXTensor)

  /// The message `AttributeProto`.
  func message(name: String) -> ProtocolBuffer {
    var attribute = ProtocolBuffer()
    attribute.add(1, name)
    let type: Int
    switch self {
    case .float(let value):
      attribute.add(2, Float(value))
      type = 1
    case .integer(let value):
      attribute.add(3, value)
      type = 2
    case .text(let text):
      attribute.add(4, text)
      type = 3
    case .tensor(let tensor):
      attribute.add(5, tensor.message())
      type = 4
    case .integers(let values):
      // Not packed: the format is proto2's.
      for value in values { attribute.add(8, value) }
      type = 7
    }
    attribute.add(20, type)
    return attribute
  }
}
