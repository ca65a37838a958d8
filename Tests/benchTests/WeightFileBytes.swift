import Foundation

/// A safetensors file made by hand, so that it can be made wrong.
struct WeightFileBytes {
  /// A tensor of floats.
  struct Entry {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  var entries: [Entry]
  /// Added to the end of the last tensor's offsets.
  var lie = 0

  /// The file's bytes.
  var data: Data {
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
