import Testing

@testable import Exchange

@Suite struct ProtocolBufferTests {
  /// The examples of the format's own description (protobuf.dev, "Encoding"), and the ends of its ranges.
  @Test func fieldsAreThoseOfTheFormat() {
    var message = ProtocolBuffer()
    message.add(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    message = ProtocolBuffer()
    message.add(2, "testing")
    #expect(message.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    message = ProtocolBuffer()
    message.add(3) { $0.add(1, 150) }
    #expect(message.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
    // A message whose length takes two bytes.
    message = ProtocolBuffer()
    message.add(3) { $0.add(2, String(repeating: "a", count: 200)) }
    #expect(message.bytes.prefix(6) == [0x1a, 0xcb, 0x01, 0x12, 0xc8, 0x01] && message.bytes.count == 206)
    message = ProtocolBuffer()
    message.add(6, packed: [3, 270, 86942])
    #expect(message.bytes == [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
    message = ProtocolBuffer()
    message.add(1, -2)
    #expect(message.bytes == [0x08, 0xfe] + Array(repeating: 0xff, count: 8) + [0x01])
    message = ProtocolBuffer()
    message.add(16, Float(1))
    message.add(1, 0.5)
    #expect(message.bytes == [0x85, 0x01, 0, 0, 0x80, 0x3f, 0x09, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f])
  }
}
