/// The type of the values in an array file.
struct ElementType: Hashable {
  enum Kind: Hashable {
    case unsigned, signed, float
  }

  let kind: Kind
  /// Bytes a value: 1, 2, 4 or 8.
  let size: Int
  let bigEndian: Bool

  static let byte = ElementType(kind: .unsigned, size: 1, bigEndian: false)

  /// The type as NumPy writes it: `u1`, `>i4`, `<f8`.
  var text: String {
    let letter =
      switch kind {
      case .unsigned: "u"
      case .signed: "i"
      case .float: "f"
      }
    return size == 1 ? "\(letter)1" : "\(bigEndian ? ">" : "<")\(letter)\(size)"
  }

  /// The integer at an address; `nil` where it does not fit an `Int`.
  func integer(at address: UnsafeRawPointer) -> Int? {
    let bits = bits(at: address)
    switch kind {
    case .unsigned: return Int(exactly: bits)
    case .signed:
      let unused = 64 - 8 * size
      return Int(Int64(bitPattern: bits << UInt64(unused)) >> Int64(unused))
    case .float: return nil
    }
  }

  /// The floating-point number at an address, rounded to single precision.
  func float(at address: UnsafeRawPointer) -> Float {
    let bits = bits(at: address)
    return size == 4 ? Float(bitPattern: UInt32(truncatingIfNeeded: bits)) : Float(Double(bitPattern: bits))
  }

  private func bits(at address: UnsafeRawPointer) -> UInt64 {
    switch size {
    case 1: return UInt64(address.load(as: UInt8.self))
    case 2:
      let value = address.loadUnaligned(as: UInt16.self)
      return UInt64(bigEndian ? value.byteSwapped : value)
    case 4:
      let value = address.loadUnaligned(as: UInt32.self)
      return UInt64(bigEndian ? value.byteSwapped : value)
    default:
      let value = address.loadUnaligned(as: UInt64.self)
      return bigEndian ? value.byteSwapped : value
    }
  }
}
