import Foundation

/// Which examples of a set were classified right: one bit per example, in the data set's order.
///
/// With the masks of several seeds the uncertainty that comes from the choice of test examples can be told from the one
/// that comes from the seeds.
package struct HitMask: Sendable, Hashable {
  /// The number of examples.
  package let count: Int
  /// The bits: example `i` is bit `i % 8`, least significant first, of byte `i / 8`. Bits past the last example are 0.
  package private(set) var bytes: [UInt8]

  /// Creates a mask of misses.
  package init(count: Int) {
    precondition(count >= 0, "a mask has no fewer than 0 examples, found \(count)")
    (self.count, bytes) = (count, [UInt8](repeating: 0, count: (count + 7) / 8))
  }

  /// Creates a mask from its bits; `nil` where their number does not fit or one past the last example is set.
  package init?(count: Int, bytes: [UInt8]) {
    guard count >= 0, bytes.count == count / 8 + (count % 8 == 0 ? 0 : 1) else { return nil }
    if count % 8 > 0, let last = bytes.last, last >> (count % 8) != 0 { return nil }
    (self.count, self.bytes) = (count, bytes)
  }

  /// Creates a mask from ``base64``; `nil` where that is another text.
  package init?(count: Int, base64: String) {
    guard let data = Data(base64Encoded: base64) else { return nil }
    self.init(count: count, bytes: [UInt8](data))
  }

  /// Whether an example was classified right.
  package subscript(index: Int) -> Bool {
    get {
      precondition(index >= 0 && index < count, "no example \(index) of \(count)")
      return bytes[index / 8] >> (index % 8) & 1 == 1
    }
    set {
      precondition(index >= 0 && index < count, "no example \(index) of \(count)")
      let bit: UInt8 = 1 << (index % 8)
      if newValue { bytes[index / 8] |= bit } else { bytes[index / 8] &= ~bit }
    }
  }

  /// The number of examples that were classified right.
  package var hits: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The bytes in base 64 (RFC 4648, section 4, with padding).
  package var base64: String { Data(bytes).base64EncodedString() }
}
