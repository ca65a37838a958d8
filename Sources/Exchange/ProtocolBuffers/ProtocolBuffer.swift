/// A message in the wire format of Protocol Buffers, written field by field.
///
/// Fields of proto3 that have their default value need not be written; whoever wants that leaves them out.
struct ProtocolBuffer {
  /// The message's bytes.
  private(set) var bytes: [UInt8] = []

  /// What follows a field's number.
  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Writes an `int64`, `int32`, `bool` or enumeration; negative numbers take ten bytes, as the format says.
  mutating func add(_ field: Int, _ value: Int) {
    begin(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Writes a `double`.
  mutating func add(_ field: Int, _ value: Double) {
    begin(field, .fixed64)
    littleEndian(value.bitPattern)
  }

  /// Writes a `float`.
  mutating func add(_ field: Int, _ value: Float) {
    begin(field, .fixed32)
    littleEndian(value.bitPattern)
  }

  /// Writes a `string`.
  mutating func add(_ field: Int, _ text: String) {
    begin(field, .lengthDelimited)
    varint(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  /// Writes `bytes`.
  mutating func add(_ field: Int, _ data: [UInt8]) {
    begin(field, .lengthDelimited)
    varint(UInt64(data.count))
    bytes += data
  }

  /// Writes a message.
  mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, message.bytes) }

  /// Writes a message whose fields a closure writes.
  mutating func add(_ field: Int, _ write: (inout ProtocolBuffer) -> Void) {
    begin(field, .lengthDelimited)
    // Most lengths are below 128, and a message in its place costs no other array.
    let start = bytes.count
    bytes.append(0)
    write(&self)
    let length = bytes.count - start - 1
    if length < 0x80 {
      bytes[start] = UInt8(length)
    } else {
      var head = ProtocolBuffer()
      head.varint(UInt64(length))
      bytes.replaceSubrange(start...start, with: head.bytes)
    }
  }

  /// Writes a packed list of `int64`.
  mutating func add(_ field: Int, packed values: [Int]) {
    var list = ProtocolBuffer()
    for value in values { list.varint(UInt64(bitPattern: Int64(value))) }
    add(field, list)
  }

  private mutating func begin(_ field: Int, _ type: WireType) { varint(UInt64(field) << 3 | type.rawValue) }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func littleEndian(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
