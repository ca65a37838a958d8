/// Texts and what stands in for them, all replaced in one pass over a text's bytes: texts of megabytes are no rarity.
package struct Replacements: Sendable {
  private var changesByFirstByte = [[(before: [UInt8], after: [UInt8])]](repeating: [], count: 256)

  /// Creates a list; of two texts that begin at the same place, the earlier in the list is replaced. An empty one never is.
  package init(_ changes: [(before: String, after: String)]) {
    for (before, after) in changes {
      guard let first = before.utf8.first else { continue }
      changesByFirstByte[Int(first)].append((Array(before.utf8), Array(after.utf8)))
    }
  }

  /// The text of some bytes in UTF-8 with all replaced. Texts are the same where their bytes are.
  package func text(of bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    var copied = 0
    var place = 0
    while place < bytes.count {
      let candidates = changesByFirstByte[Int(bytes[place])]
      if !candidates.isEmpty, let change = candidates.first(where: { bytes[place...].starts(with: $0.before) }) {
        result += bytes[copied..<place]
        result += change.after
        place += change.before.count
        copied = place
      } else {
        place += 1
      }
    }
    result += bytes[copied...]
    return String(decoding: result, as: UTF8.self)
  }
}
