import Architectures

/// Images and their classes, in memory that never moves and that any number of threads may read.
///
/// Pointers hold as long as this value, or a copy of it, lives.
package struct ExampleSet: @unchecked Sendable {
  /// The number of examples.
  package let count: Int
  /// The shape of one example.
  package let shape: Shape
  /// `count · shape.count` values, one example after the other, each in the order `[C, H, W]`.
  package let pixels: Pixels
  /// `count` labels, each an index of a class.
  package let labels: UnsafePointer<UInt8>
  private let owners: [Allocation]

  /// The values of the examples as they are kept in memory.
  package enum Pixels: @unchecked Sendable {
    /// Bytes, which ``Dataset/byteValues`` turns into what a network reads.
    case bytes(UnsafePointer<UInt8>)
    /// What a network reads, normalisation done.
    case floats(UnsafePointer<Float>)
  }

  /// Creates a set from bytes, `shape.count` for each label.
  package init(shape: Shape, bytes: [UInt8], labels: [UInt8]) {
    precondition(bytes.count == shape.count * labels.count, "\(bytes.count) bytes for \(labels.count) × \(shape)")
    self.init(shape: shape, pixels: Allocation(copying: bytes), areBytes: true, labels: labels)
  }

  /// Creates a set from floats, `shape.count` for each label.
  package init(shape: Shape, floats: [Float], labels: [UInt8]) {
    precondition(floats.count == shape.count * labels.count, "\(floats.count) values for \(labels.count) × \(shape)")
    self.init(shape: shape, pixels: Allocation(copying: floats), areBytes: false, labels: labels)
  }

  /// Takes over memory that is filled.
  init(shape: Shape, pixels: Allocation, areBytes: Bool, labels: [UInt8]) {
    let ownLabels = Allocation(copying: labels)
    (count, self.shape) = (labels.count, shape)
    self.pixels = areBytes ? .bytes(pixels.start(as: UInt8.self)) : .floats(pixels.start(as: Float.self))
    self.labels = UnsafePointer(ownLabels.start(as: UInt8.self))
    owners = [pixels, ownLabels]
  }

  /// A part of the set, in the same memory.
  package subscript(range: Range<Int>) -> ExampleSet {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) examples")
    return ExampleSet(self, range: range)
  }

  /// The examples with these indices, in their order, in memory of their own.
  func gathered(_ indices: [Int]) -> ExampleSet {
    let labels = indices.map { self.labels[$0] }
    func copied<Value: BitwiseCopyable>(_ start: UnsafePointer<Value>) -> [Value] {
      var values: [Value] = []
      values.reserveCapacity(indices.count * shape.count)
      for index in indices {
        values.append(contentsOf: UnsafeBufferPointer(start: start + index * shape.count, count: shape.count))
      }
      return values
    }
    return switch pixels {
    case .bytes(let start): ExampleSet(shape: shape, bytes: copied(start), labels: labels)
    case .floats(let start): ExampleSet(shape: shape, floats: copied(start), labels: labels)
    }
  }

  private init(_ whole: ExampleSet, range: Range<Int>) {
    (count, shape, owners) = (range.count, whole.shape, whole.owners)
    labels = whole.labels + range.lowerBound
    let offset = range.lowerBound * shape.count
    pixels =
      switch whole.pixels {
      case .bytes(let start): .bytes(start + offset)
      case .floats(let start): .floats(start + offset)
      }
  }

  /// The channels that a normalisation tells apart: those of `[C, H, W]`, otherwise one.
  package var channels: Int { shape.channels }

  /// How many examples there are of each class.
  package func counts(classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for index in 0..<count { counts[Int(labels[index])] += 1 }
    return counts
  }

  /// The memory of the pixels.
  var pixelBytes: UnsafeRawBufferPointer {
    switch pixels {
    case .bytes(let start): UnsafeRawBufferPointer(start: start, count: count * shape.count)
    case .floats(let start): UnsafeRawBufferPointer(start: start, count: count * shape.count * 4)
    }
  }

  /// The memory of the labels.
  var labelBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: labels, count: count) }
}

extension Shape {
  /// The channels that a normalisation tells apart: those of `[C, H, W]`, otherwise one.
  var channels: Int { rank == 3 ? dimensions[0] : 1 }
}
