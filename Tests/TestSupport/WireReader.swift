/// A message in the wire format of Protocol Buffers, read back without its description.
public struct WireMessage {
  /// What a field holds.
  public enum Value: Equatable {
    /// An integer.
    case varint(UInt64)
    /// The bits of a `double`.
    case fixed64(UInt64)
    /// The bits of a `float`.
    case fixed32(UInt32)
    /// A text, bytes or a message.
    case bytes([UInt8])
  }

  /// What is wrong with the bytes.
  public struct Malformed: Error {}

  /// The fields in their order.
  public private(set) var fields: [(number: Int, value: Value)] = []

  /// Reads a message.
  public init(_ bytes: [UInt8]) throws {
    var place = 0
    func take(_ count: Int) throws -> ArraySlice<UInt8> {
      guard count >= 0, place + count <= bytes.count else { throw Malformed() }
      defer { place += count }
      return bytes[place..<place + count]
    }
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while shift < 64, let byte = try take(1).first {
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw Malformed()
    }
    while place < bytes.count {
      let key = try varint()
      let value: Value
      switch key & 7 {
      case 0: value = .varint(try varint())
      case 1: value = .fixed64(try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
      case 2: value = .bytes(Array(try take(Int(varint()))))
      case 5: value = .fixed32(try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
      default: throw Malformed()
      }
      fields.append((Int(key >> 3), value))
    }
  }

  /// All values of a field.
  public subscript(number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

  /// The messages of a field.
  public func messages(_ number: Int) throws -> [WireMessage] {
    try self[number].map { value in
      guard case .bytes(let bytes) = value else { throw Malformed() }
      return try WireMessage(bytes)
    }
  }

  /// The message under a path of fields, the first of each.
  public func message(_ path: Int...) throws -> WireMessage {
    try path.reduce(self) { message, number in
      guard let inner = try message.messages(number).first else { throw Malformed() }
      return inner
    }
  }

  /// The text of a field; empty where it is not there.
  public func text(_ number: Int) -> String {
    if case .bytes(let bytes)? = self[number].first { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  /// The integer of a field; 0 where it is not there.
  public func integer(_ number: Int) -> Int {
    if case .varint(let value)? = self[number].first { Int(truncatingIfNeeded: value) } else { 0 }
  }

  /// The number of a field, whatever its width; 0 where it is not there.
  public func number(_ number: Int) -> Double {
    switch self[number].first {
    case .fixed64(let bits)?: Double(bitPattern: bits)
    case .fixed32(let bits)?: Double(Float(bitPattern: bits))
    default: 0
    }
  }
}

/// A point of a curve in an event file of TensorBoard.
public struct EventPoint: Equatable {
  /// The curve.
  public var tag: String
  /// The iteration.
  public var step: Int
  /// The value, in 32 bits.
  public var value: Float
  /// Seconds since 1970.
  public var time: Double

  /// Creates a point.
  public init(tag: String, step: Int, value: Float, time: Double) {
    (self.tag, self.step, self.value, self.time) = (tag, step, value, time)
  }
}

/// The events in a file of TensorBoard; the checks of its records are looked at in files of TensorBoard's own.
public func events(in file: [UInt8]) throws -> [WireMessage] {
  var (events, place): ([WireMessage], Int) = ([], 0)
  while place < file.count {
    guard place + 12 <= file.count else { throw WireMessage.Malformed() }
    let length = file[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard place + 16 + length <= file.count else { throw WireMessage.Malformed() }
    events.append(try WireMessage(Array(file[place + 12..<place + 12 + length])))
    place += 16 + length
  }
  return events
}

/// The points in a file of TensorBoard.
public func eventPoints(in file: [UInt8]) throws -> [EventPoint] {
  try events(in: file).flatMap { event in
    try event.messages(5).flatMap { try $0.messages(1) }.compactMap { value in
      guard case .fixed32(let bits)? = value[2].first else { return nil }
      return EventPoint(
        tag: value.text(1), step: event.integer(2), value: Float(bitPattern: bits), time: event.number(1))
    }
  }
}
