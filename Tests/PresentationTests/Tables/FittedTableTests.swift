import TestSupport
import Testing

@testable import Presentation

@Suite struct FittedTableTests {
  private func text(_ table: Table, width: Int?) -> String { TextWidth.$columns.withValue(width) { table.text() } }

  private let table = Table(
    [.init("name"), .init("score", isNumeric: true), .init("host", leaveOut: 2), .init("note", leaveOut: 1)],
    rows: [["max · same", "96.9", "a-machine-with-a-name", "a note that goes on for a good while longer than that"]])

  @Test func textsAreBrokenThenColumnsAreLeftOut() {
    #expect(text(table, width: nil).split(separator: "\n").count == 3)
    #expect(text(table, width: 200) == text(table, width: nil))
    let broken = text(table, width: 70)
    #expect(broken.split(separator: "\n").count > 3 && broken.contains("a-machine-with-a-name"))
    let narrow = text(table, width: 50)
    #expect(!narrow.contains("a-machine") && narrow.contains("longer than") && narrow.contains("(no room for host)"))
    let narrowest = text(table, width: 24)
    #expect(narrowest.contains("max · same") && narrowest.contains("96.9") && narrowest.contains("note)"))
  }

  /// Nothing may be left out: the columns stand in groups, each beside the first.
  @Test func columnsThatMayNotBeLeftOutStandInGroups() {
    let wide = Table(
      [.init("")] + (0..<6).map { .init("configuration \($0)", isNumeric: true) },
      rows: [["accuracy"] + (0..<6).map { .init("9\($0).00 ± 0.10") }])
    let text = text(wide, width: 50)
    #expect(text.ranges(of: "accuracy").count == 3)
    for index in 0..<6 { #expect(text.contains("configuration \(index)") && text.contains("9\(index).00 ± 0.10")) }
  }

  @Test(arguments: 0..<200) func everyLineFitsAndNothingThatMustStayIsLost(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let words = ["a", "bb", "configuration", "−12.34", "名前", "x · y", String(repeating: "z", count: 70)] + hostileNames
    let columns = (0..<Int.random(in: 1...9, using: &random)).map { index in
      Table.Column(
        "c\(index)", isNumeric: Bool.random(using: &random), leaveOut: Int.random(in: 0...3, using: &random))
    }
    let rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
      columns.map { _ in
        Table.Cell(
          (0..<Int.random(in: 1...9, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
            .joined(separator: " "))
      }
    }
    let width = Int.random(in: 24...160, using: &random)
    let text = text(Table(columns, rows: rows), width: width)
    for line in text.split(separator: "\n") { #expect(line.terminalColumns <= width, "\(width): \(line)") }
    // Where rows are stacked, the first column has no title.
    for column in columns.filter({ $0.leaveOut == 0 }).dropFirst() { #expect(text.contains(column.title)) }
  }

  @Test func asciiHasTheSameColumns() {
    let text = text(
      Table([.init("name"), .init("±", isNumeric: true)], rows: [["max · same", "96.93 ± 0.12"], ["名前", "−1…"]]),
      width: 80)
    let plain = ASCIIText.fitted(text)
    #expect(plain.utf8.allSatisfy { $0 < 0x80 })
    #expect(
      plain.split(separator: "\n").map(\.count) == text.split(separator: "\n").map { String($0).terminalColumns })
    #expect(plain.contains("max / same  96.93+/-0.12") && plain.contains("????"))
    #expect(ASCIIText.isUTF8(locale: "de_DE.UTF-8") && ASCIIText.isUTF8(locale: "C.utf8"))
    #expect(!ASCIIText.isUTF8(locale: "C") && !ASCIIText.isUTF8(locale: "de_DE@euro"))
  }
}
