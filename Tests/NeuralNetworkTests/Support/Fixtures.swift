import Foundation
import NeuralNetwork

/// Files that the scripts in the folder Fixtures wrote.
enum Fixtures {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  static func json<T: Decodable>(_ name: String) throws -> T {
    try JSONDecoder().decode(T.self, from: data(name))
  }

  static func tensors(_ name: String) throws -> [String: Tensor] {
    let tensors = try SafetensorsFile.read([UInt8](data(name)))
    return Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

/// The largest difference between two lists of the same length, over the larger of 1 and the second's largest value;
/// infinite where the lengths differ or one has a number where the other has none.
func distance(_ found: [Float], _ expected: [Float]) -> Float {
  guard found.count == expected.count else { return .infinity }
  var scale: Float = 1
  var largest: Float = 0
  for (one, other) in zip(found, expected) {
    if one.isNaN && other.isNaN || one == other { continue }
    guard one.isFinite, other.isFinite else { return .infinity }
    scale = max(scale, abs(other))
    largest = max(largest, abs(one - other))
  }
  return largest / scale
}
