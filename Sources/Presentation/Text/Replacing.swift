extension Substring {
  /// The text with each of some texts replaced, in one pass over its bytes; of two that begin at the same place, the
  /// earlier in the list is taken.
  package func replacing(each changes: [(before: String, after: String)]) -> String {
    var changesByFirstByte = [[(before: [UInt8], after: [UInt8])]](repeating: [], count: 256)
    for (before, after) in changes {
      guard let first = before.utf8.first else { continue }
      changesByFirstByte[Int(first)].append((Array(before.utf8), Array(after.utf8)))
    }
    let bytes = Array(utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    var place = 0
    while place < bytes.count {
      let candidates = changesByFirstByte[Int(bytes[place])]
      if let change = candidates.first(where: { bytes[place...].starts(with: $0.before) }) {
        result += change.after
        place += change.before.count
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
