import Presentation

/// Why bytes are not a safetensors file that can be read, with what was found.
package enum SafetensorsError: Error, Hashable, CustomStringConvertible {
  /// Fewer bytes than the eight that hold the header's length.
  case noHeaderLength(fileBytes: Int)
  /// The header's length passes the end of the file, or is larger than any honest one.
  case headerLength(UInt64, fileBytes: Int)
  /// The header is not the JSON that it should be.
  case header(reason: String, at: SourcePosition)
  /// A key that is there twice, such as a tensor's name.
  case duplicate(key: String)
  /// A kind of element that is not known here.
  case element(name: String, found: String)
  /// Sizes that no memory holds.
  case shape(name: String, found: [Int])
  /// Offsets that run backwards or past the end of the data.
  case offsets(name: String, begin: Int, end: Int, dataBytes: Int)
  /// As many bytes as the shape does not have.
  case size(name: String, bytes: Int, expected: Int)
  /// Two tensors share bytes.
  case overlap(name: String, other: String)
  /// Bytes of the data that belong to no tensor.
  case unused(begin: Int, end: Int)

  /// What was found, and what it should be.
  package var description: String {
    switch self {
    case .noHeaderLength(let bytes): "the file has \(bytes) bytes, not even the 8 of the header's length"
    case .headerLength(let length, let bytes):
      "the header's length is \(length) bytes, but the file has \(max(bytes - 8, 0)) after it (and at most \(SafetensorsFile.longestHeader) are read): truncated, or not a safetensors file"
    case .header(let reason, let place):
      "the header is not valid at line \(place.line), column \(place.column): \(reason)"
    case .duplicate(let key): "the header has the key \(quoted(key)) more than once"
    case .element(let name, let found):
      "tensor \(quoted(name)) has dtype \(quoted(found)); expected one of \(SafetensorsElement.names)"
    case .shape(let name, let found): "tensor \(quoted(name)) has the impossible shape \(found)"
    case .offsets(let name, let begin, let end, let bytes):
      "tensor \(quoted(name)) lies at bytes \(begin) to \(end), but the file has \(bytes) bytes of data: truncated, or its offsets are wrong"
    case .size(let name, let bytes, let expected):
      "tensor \(quoted(name)) has \(bytes) bytes, its shape needs \(expected)"
    case .overlap(let name, let other): "tensors \(quoted(other)) and \(quoted(name)) share bytes"
    case .unused(let begin, let end): "bytes \(begin) to \(end) of the data belong to no tensor"
    }
  }
}
