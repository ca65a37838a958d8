/// The kinds of elements that are read from safetensors files, all into Float.
enum SafetensorsElement: String, CaseIterable {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int64 = "I64"
  case int32 = "I32"
  case int16 = "I16"
  case int8 = "I8"
  case uint8 = "U8"
  case bool = "BOOL"

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  /// Bytes of one element.
  var size: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// Whether the values are whole numbers.
  var isInteger: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: false
    case .int64, .int32, .int16, .int8, .uint8, .bool: true
    }
  }

  /// The little-endian element that begins at a byte.
  func value(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
    func load<T: FixedWidthInteger>(_: T.Type) -> T {
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
    switch self {
    case .float64: return Float(Double(bitPattern: load(UInt64.self)))
    case .float32: return Float(bitPattern: load(UInt32.self))
    case .float16: return SafetensorsElement.widened(load(UInt16.self))
    case .bfloat16: return Float(bitPattern: UInt32(load(UInt16.self)) << 16)
    case .int64: return Float(load(Int64.self))
    case .int32: return Float(load(Int32.self))
    case .int16: return Float(load(Int16.self))
    case .int8: return Float(load(Int8.self))
    case .uint8, .bool: return Float(load(UInt8.self))
    }
  }

  /// A half-precision number; Swift's own type is not there on every system.
  private static func widened(_ half: UInt16) -> Float {
    let sign: Float = half & 0x8000 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(half >> 10 & 0x1f), Float(half & 0x3ff))
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    if exponent == 0 { return sign * fraction * 0x1p-24 }
    return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
  }
}
