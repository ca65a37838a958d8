import Architectures

extension Network {
  /// Parameters, or their moving average, and buffers in `state_dict` order, with PyTorch's names, shapes and layouts.
  package var tensors: [Tensor] {
    slots.map { slot in
      let base = (slot.kind == .buffer ? memory.buffers : scoredParameters) + slot.offset
      return Tensor(
        name: slot.description.name, shape: slot.description.shape, element: slot.element,
        values: (0..<slot.description.count).map { base[slot.order.position(of: $0)] })
    }
  }

  /// Takes parameters and buffers from tensors with PyTorch's names, shapes and layouts, in any order.
  ///
  /// - Parameter strict: whether both must have the same names; else what only one of them has is passed over, as
  ///   `load_state_dict(strict=False)` does. A name that both have has the same shape in any case.
  /// - Throws: ``NetworkError/tensors(_:)`` with every tensor that does not fit; then nothing is taken.
  package func load(_ tensors: [Tensor], strict: Bool = true) throws(NetworkError) {
    var given: [String: Tensor] = [:]
    var errors: [TensorError] = []
    for tensor in tensors where given.updateValue(tensor, forKey: tensor.name) != nil {
      errors.append(.duplicate(name: tensor.name))
    }
    for slot in slots {
      let (name, shape) = (slot.description.name, slot.description.shape)
      guard let tensor = given.removeValue(forKey: name) else {
        if strict { errors.append(.missing(name: name, shape: shape)) }
        continue
      }
      if tensor.shape != shape || tensor.values.count != slot.description.count {
        errors.append(.shape(name: name, found: tensor.shape, expected: shape))
      }
    }
    if strict { errors += tensors.filter { given[$0.name] != nil }.map { .unexpected(name: $0.name) } }
    guard errors.isEmpty else { throw .tensors(errors) }
    let values = Dictionary(tensors.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first })
    for slot in slots {
      if let taken = values[slot.description.name] { fill(slot) { taken[$0] } }
    }
  }

  /// What evaluations use, in the network's own order: parameters, or their moving average, and buffers.
  package var scoredState: [Float] {
    Array(UnsafeBufferPointer(start: scoredParameters, count: memory.parameterCount))
      + UnsafeBufferPointer(start: memory.buffers, count: memory.bufferCount)
  }

  /// How many values ``scoredState`` has.
  package var scoredCount: Int { memory.parameterCount + memory.bufferCount }

  /// Evaluates from now on with what ``scoredState`` gave before.
  package func restore(scored state: [Float]) {
    precondition(state.count == scoredCount, "\(state.count) values are of another network")
    for index in 0..<memory.parameterCount { scoredParameters[index] = state[index] }
    for index in 0..<memory.bufferCount { memory.buffers[index] = state[memory.parameterCount + index] }
  }

  /// Everything that training goes on from: parameters and their moving average, buffers, the optimizer's moments and its
  /// count of steps, in the network's own order. Of use to a network compiled from the same description and optimizer only.
  package func snapshot() -> [UInt8] {
    var bytes: [UInt8] = []
    for header in [Network.snapshotMagic, optimizerState.steps] + snapshotSizes {
      withUnsafeBytes(of: Int64(header).littleEndian) { bytes.append(contentsOf: $0) }
    }
    for (values, count) in snapshotParts {
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: values, count: count * MemoryLayout<Float>.stride))
    }
    return bytes
  }

  /// Goes on from a snapshot.
  ///
  /// - Throws: ``NetworkError/foreignSnapshot`` where sizes differ; then nothing is taken.
  package func restore(_ snapshot: [UInt8]) throws(NetworkError) {
    let sizes = snapshotSizes
    let headerBytes = (2 + sizes.count) * MemoryLayout<Int64>.stride
    let valueBytes = snapshotParts.reduce(0) { $0 + $1.1 } * MemoryLayout<Float>.stride
    guard snapshot.count == headerBytes + valueBytes else { throw .foreignSnapshot }
    let header = snapshot.withUnsafeBytes { bytes in
      (0..<2 + sizes.count).map { Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
    }
    guard header[0] == Network.snapshotMagic, (0...Int64(Int32.max)).contains(header[1]),
      Array(header[2...]) == sizes.map(Int64.init)
    else {
      throw .foreignSnapshot
    }
    optimizerState.steps = Int(header[1])
    snapshot.withUnsafeBytes { bytes in
      var offset = headerBytes
      for (values, count) in snapshotParts {
        let length = count * MemoryLayout<Float>.stride
        UnsafeMutableRawBufferPointer(start: values, count: length)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        offset += length
      }
    }
  }

  private static var snapshotMagic: Int { 0x0131_4853_4e42 }

  private var snapshotSizes: [Int] {
    [memory.parameterCount, memory.bufferCount, memory.momentCount]
      + (memory.averageCount > 0 ? [memory.averageCount] : [])
  }

  private var snapshotParts: [(UnsafeMutablePointer<Float>, Int)] {
    [
      (memory.parameters, memory.parameterCount), (memory.buffers, memory.bufferCount),
      (memory.moments, memory.momentCount * memory.parameterCount), (memory.averages, memory.averageCount),
    ]
  }
}
