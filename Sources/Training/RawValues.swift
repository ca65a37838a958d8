import Foundation

/// A long list of numbers that is encoded as its bytes: number by number, the order of sixty thousand examples would take
/// longer to encode than many training steps.
@propertyWrapper
struct RawValues<Value: BitwiseCopyable & Sendable & Equatable>: Sendable, Equatable, Codable {
  var wrappedValue: [Value]

  init(wrappedValue: [Value]) { self.wrappedValue = wrappedValue }

  init(from decoder: any Decoder) throws {
    let data = try decoder.singleValueContainer().decode(Data.self)
    let size = MemoryLayout<Value>.stride
    guard data.count % size == 0 else { throw CheckpointFault.notACheckpoint }
    wrappedValue = data.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Value.self) }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.withUnsafeBytes { Data($0) })
  }
}
