import Foundation

/// A safetensors file made by hand, so that it can be made wrong.
package struct WeightFileBytes: Sendable {
  /// A tensor of floats.
  package struct Entry: Sendable {
    package var name: String
    package var shape: [Int]
    package var values: [Float]

    /// Creates a tensor.
    package init(name: String, shape: [Int], values: [Float]) {
      (self.name, self.shape, self.values) = (name, shape, values)
    }
  }

  /// The tensors.
  package var entries: [Entry]
  /// Added to the end of the last tensor's offsets.
  package var lie = 0

  /// Creates a file.
  package init(entries: [Entry]) { self.entries = entries }

  /// The file's bytes.
  package var data: Data {
    var body = Data()
    var header: [String] = []
    for (index, entry) in entries.enumerated() {
      let begin = body.count
      for value in entry.values { withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) } }
      let end = body.count + (index == entries.count - 1 ? lie : 0)
      header.append(
        "\"\(entry.name)\":{\"dtype\":\"F32\",\"shape\":\(entry.shape),\"data_offsets\":[\(begin),\(end)]}")
    }
    let text = Data("{\(header.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + body
  }
}
