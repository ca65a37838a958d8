import Datasets

extension ExampleSet {
  /// The bytes of all examples; empty where they are floats.
  var bytes: [UInt8] {
    guard case .bytes(let start) = pixels else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: count * shape.count))
  }

  /// The floats of all examples; empty where they are bytes.
  var floats: [Float] {
    guard case .floats(let start) = pixels else { return [] }
    return Array(UnsafeBufferPointer(start: start, count: count * shape.count))
  }

  var labelValues: [UInt8] { Array(UnsafeBufferPointer(start: labels, count: count)) }
}
