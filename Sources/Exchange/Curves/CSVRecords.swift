/// Reads comma-separated values after RFC 4180, record by record: quoted fields may hold commas, line ends and doubled
/// quotes. Lines may end in a line feed alone; empty lines are passed over.
struct CSVRecords {
  /// A record and the line that it begins in, from 1.
  struct Record {
    var line: Int
    var fields: [String]
  }

  /// Why reading stopped before the end.
  private(set) var fault: (line: Int, message: String)?

  private let bytes: [UInt8]
  private var offset = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private static let (quote, comma, lineFeed, carriageReturn) = (
    UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )

  /// The next record; `nil` at the end and behind a fault.
  mutating func next() -> Record? {
    while fault == nil, offset < bytes.count {
      let start = line
      var fields: [String] = []
      repeat {
        guard let field = readField(of: start) else { return nil }
        fields.append(field)
      } while takeComma()
      endLine()
      if fields != [""] { return Record(line: start, fields: fields) }
    }
    return nil
  }

  private mutating func takeComma() -> Bool {
    guard offset < bytes.count, bytes[offset] == Self.comma else { return false }
    offset += 1
    return true
  }

  private mutating func endLine() {
    if offset < bytes.count, bytes[offset] == Self.carriageReturn { offset += 1 }
    if offset < bytes.count, bytes[offset] == Self.lineFeed { offset += 1 }
    line += 1
  }

  private mutating func readField(of start: Int) -> String? {
    guard offset < bytes.count, bytes[offset] == Self.quote else {
      let begin = offset
      while offset < bytes.count, ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[offset]) {
        offset += 1
      }
      return text(bytes[begin..<offset])
    }
    var field: [UInt8] = []
    let opened = line
    offset += 1
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == Self.quote {
        guard offset < bytes.count, bytes[offset] == Self.quote else {
          guard offset == bytes.count || [Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[offset]) else {
            return stop(
              line, "something stands between a closing quote and the next comma; a quote in a field is doubled")
          }
          return text(field[...])
        }
        offset += 1
      } else if byte == Self.lineFeed {
        line += 1
      }
      field.append(byte)
    }
    return stop(opened, "a quote is opened and never closed")
  }

  private mutating func text(_ bytes: ArraySlice<UInt8>) -> String? {
    // Numbers and most names.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else { return stop(line, "is not UTF-8") }
    return text
  }

  private mutating func stop(_ line: Int, _ message: String) -> String? {
    fault = (line, message)
    return nil
  }
}
