import Testing

@testable import NeuralNetwork

@Suite struct SafetensorsFileTests {
  private let tensors = [
    Tensor(name: "0.weight", shape: [2, 3], values: [1, -2, .infinity, 0.1, 5, -0.0]),
    Tensor(name: "1.num_batches_tracked", shape: [], element: .int64, values: [7]),
    Tensor(name: "odd \"name\"\n\\ é", shape: [1], values: [3]),
    Tensor(name: "none", shape: [0, 4], values: []),
  ]

  @Test func whatIsWrittenIsReadAgain() throws {
    let bytes = SafetensorsFile.write(tensors)
    #expect(try SafetensorsFile.read(bytes) == tensors)
    #expect(bytes.count % 4 == 0 && bytes[0..<8].first.map { $0 % 8 == 0 } == true)
    #expect(try SafetensorsFile.read(SafetensorsFile.write([])) == [])
  }

  @Test func everyKindOfElementBecomesFloat() throws {
    let data: [UInt8] = [0, 0, 0, 0, 0, 0, 0xf8, 0xbf]  // −1.5 as F64
    #expect(try one("F64", [1], data) == [-1.5])
    #expect(try one("F16", [4], [0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c]) == [1, -2, 0x1p-24, .infinity])
    #expect(try one("BF16", [2], [0x80, 0x3f, 0, 0xc0]) == [1, -2])
    #expect(try one("I32", [1], [0xfe, 0xff, 0xff, 0xff]) == [-2])
    #expect(try one("I16", [1], [0xfe, 0xff]) == [-2])
    #expect(try one("I8", [2], [0xfe, 3]) == [-2, 3])
    #expect(try one("U8", [2], [0xfe, 3]) == [254, 3])
    #expect(try one("BOOL", [2], [1, 0]) == [1, 0])
  }

  private func one(_ element: String, _ shape: [Int], _ data: [UInt8]) throws -> [Float] {
    let header = #"{"t":{"dtype":"\#(element)","shape":\#(shape),"data_offsets":[0,\#(data.count)]}}"#
    return try SafetensorsFile.read(file(header, data))[0].values
  }

  private func file(_ header: String, _ data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8) + data
  }

  @Test(arguments: [
    ("", "the text ends where a value"), ("[]", "expected an object"), ("{", "expected a key"),
    (#"{"a"#, "the text ends inside a string"),
    (#"{"a\"#, "the text ends inside a string"), (#"{"a":{}}"#, "needs dtype, shape and two data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "needs two data_offsets"),
    (#"{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}"#, "dtype \"F99\"; expected one of F64, F32"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "expected a whole number"),
    (#"{"a":{"dtype":"F32","shape":[1e3],"data_offsets":[0,4]}}"#, "expected a whole number"),
    (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "expected a whole number"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, "impossible shape"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "lies at bytes 4 to 0"),
    (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, "the file has 4 bytes of data"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "has 4 bytes, its shape needs 8"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#,
      "the header has the key \"a\" more than once"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      "tensors \"a\" and \"b\" share bytes"
    ),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, "bytes 3 to 4 of the data belong to no tensor"),
    (#"{"a":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#, "bytes 0 to 1"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":[]}}"#, "unknown key \"x\""),
    (
      #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "the header has the key \"dtype\" more than once"
    ),
    (#"{"__metadata__":{"a":1}}"#, "not an object of texts"),
    (#"{}{}"#, "after the end of the value"),
    (#"{"\x":{}}"#, "the escapes are"),
  ])
  func aDamagedHeaderIsRefusedWithItsReason(header: String, reason: String) {
    let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile.read(file(header, [0, 0, 0, 0])) }
    #expect(error?.description.contains(reason) == true, "\(header): \(error?.description ?? "read")")
  }

  @Test(arguments: [UInt64(3), 1 << 32, .max, 100_000_001])
  func aLyingHeaderLengthIsRefused(length: UInt64) {
    #expect(throws: SafetensorsError.headerLength(length, fileBytes: 10)) {
      try SafetensorsFile.read(file("{}", [], length: length))
    }
  }

  @Test func everyTruncationAndEveryFlippedByteIsReadOrRefusedButNeverCrashes() {
    let bytes = SafetensorsFile.write(tensors)
    for length in 0..<bytes.count {
      #expect(throws: SafetensorsError.self, "\(length) bytes") { try SafetensorsFile.read(Array(bytes[..<length])) }
    }
    for index in bytes.indices {
      for flip: UInt8 in [1, 0x10, 0x80, 0xff] {
        var changed = bytes
        changed[index] ^= flip
        _ = try? SafetensorsFile.read(changed)
      }
    }
  }
}
