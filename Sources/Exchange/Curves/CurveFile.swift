import Experiments
import Presentation

/// A file of curves that another program wrote: one number per line, as comma-separated values or as JSON.
///
/// CSV has a header with the columns of ``CurveColumn`` in any order; JSON lines have objects with these keys. Further
/// columns are settings.
package struct CurveFile: Sendable {
  /// How the numbers are written.
  package enum Format: Sendable {
    /// Comma-separated values after RFC 4180, with a header.
    case csv
    /// A JSON object per line.
    case jsonLines
  }

  private let bytes: [UInt8]
  private let format: Format

  /// Takes a file's bytes; the format follows from the name's ending or, where that says nothing, from the first character.
  ///
  /// - Parameter name: the file's name.
  package init(_ bytes: [UInt8], name: String) {
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    self.bytes = isMarked ? Array(bytes.dropFirst(3)) : bytes
    let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
    switch ending {
    case "csv": format = .csv
    case "jsonl", "ndjson", "json": format = .jsonLines
    default:
      let first = self.bytes.first { ![UInt8(ascii: " "), UInt8(ascii: "\t"), 10, 13].contains($0) }
      format = first == UInt8(ascii: "{") ? .jsonLines : .csv
    }
  }

  /// Reads all of it.
  ///
  /// - Throws: ``CurveFileError`` with all faults of the file.
  package func study() throws(CurveFileError) -> ImportedStudy {
    var table = CurveTable()
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      table.log.add(
        1,
        "the file is UTF-16, as its first two bytes say; expected UTF-8, which iconv -f UTF-16 -t UTF-8 FILE makes of it"
      )
      try table.log.check()
    }
    switch format {
    case .csv: readCSV(into: &table)
    case .jsonLines: readJSONLines(into: &table)
    }
    return try table.study()
  }

  // MARK: Comma-separated values

  private func readCSV(into table: inout CurveTable) {
    var records = CSVRecords(bytes)
    guard let header = records.next() else {
      if let fault = records.fault { return table.log.add(fault.line, fault.message) }
      return table.log.add(1, "the file is empty; expected a header with \(CurveColumn.listed)")
    }
    let names = header.fields.map { name in
      let plain = String(name.withoutSpacesAround)
      return CurveColumn(name: plain) == nil ? name : plain
    }
    guard let columns = CurveColumns(header: names, line: header.line, &table.log) else { return }
    table.settings = columns.settings.map(\.name)
    var fields = [String?](repeating: nil, count: CurveColumn.allCases.count)
    var settings: [CurveTable.SettingValue] = []
    while let record = records.next() {
      guard record.fields.count == names.count else {
        table.log.add(record.line, "\(counted(record.fields.count, "field")); the header has \(names.count)")
        continue
      }
      for column in CurveColumn.allCases {
        let text = columns.places[column.rawValue].map { record.fields[$0] }
        fields[column.rawValue] = column == .label ? text : text.map { String($0.withoutSpacesAround) }
      }
      settings.removeAll(keepingCapacity: true)
      for (index, setting) in columns.settings.enumerated() {
        let value = record.fields[setting.place]
        if !value.isEmpty { settings.append(.init(column: index, value: value)) }
      }
      table.add(line: record.line, fields, settings)
    }
    if let fault = records.fault { table.log.add(fault.line, fault.message) }
  }

  // MARK: JSON lines

  private func readJSONLines(into table: inout CurveTable) {
    var line = 0
    var places: [String: Int] = [:]
    for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      guard text.contains(where: { ![UInt8(ascii: " "), UInt8(ascii: "\t"), 13].contains($0) }) else { continue }
      var reader = JSONReader(Self.quotingNumbersThatJSONLacks(text))
      let node: JSONNode
      do {
        node = try reader.read()
      } catch {
        table.log.add(line, "column \(error.position.column): \(error.message)")
        continue
      }
      guard let members = node.members else {
        table.log.add(line, "is not a JSON object; expected {\"label\": …, \"seed\": …, …}, one in each line")
        continue
      }
      if let duplicate = reader.duplicates.first {
        table.log.add(line, "the key \(quoted(duplicate.key)) stands there twice")
        continue
      }
      var fields = [String?](repeating: nil, count: CurveColumn.allCases.count)
      var settings: [CurveTable.SettingValue] = []
      for member in members {
        if case .null = member.value.content { continue }
        let value = Self.text(member.value)
        if let column = CurveColumn(name: member.key) {
          fields[column.rawValue] = value
        } else {
          let place = places[member.key] ?? places.count
          if place == places.count {
            places[member.key] = place
            table.settings.append(member.key)
            CurveColumns.check(member.key, line: line, &table.log)
          }
          if !value.isEmpty { settings.append(.init(column: place, value: value)) }
        }
      }
      table.add(line: line, fields, settings.sorted { $0.column < $1.column })
    }
    if table.isUntouched, table.log.isEmpty {
      table.log.add(1, "the file is empty; expected a JSON object in each line")
    }
  }

  private static func text(_ node: JSONNode) -> String {
    switch node.content {
    case .string(let text): text
    case .number(let number): number.text
    default: node.value.compactText
    }
  }

  /// Python's `json` writes `NaN`, `Infinity` and `-Infinity`, which are not JSON: they get quotes.
  private static func quotingNumbersThatJSONLacks(_ line: ArraySlice<UInt8>) -> [UInt8] {
    guard line.contains(UInt8(ascii: "N")) || line.contains(UInt8(ascii: "I")) else { return Array(line) }
    var result: [UInt8] = []
    var (rest, isInString) = (line, false)
    while let byte = rest.first {
      let word = isInString ? nil : Self.words.first { rest.starts(with: $0) }
      if let word {
        result += [UInt8(ascii: "\"")] + word + [UInt8(ascii: "\"")]
        rest = rest.dropFirst(word.count)
        continue
      }
      if byte == UInt8(ascii: "\\"), isInString, rest.count > 1 {
        result += rest.prefix(2)
        rest = rest.dropFirst(2)
        continue
      }
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      result.append(byte)
      rest = rest.dropFirst()
    }
    return result
  }

  private static let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
}
