import Testing

@testable import Presentation

@Suite struct TableTests {
  @Test func hostileTextStaysInItsCell() {
    let table = Table(
      [.init("name"), .init("n", isNumeric: true)],
      rows: [["a|b\n<script>`x`", .integer(1)], ["say \"hi\", you", .integer(22)]])
    #expect(table.csv() == "name,n\n\"a|b\n<script>`x`\",1\n\"say \"\"hi\"\", you\",22\n")
    #expect(
      table.markdown == """
        | name | n |
        | :--- | ---: |
        | a\\|b &lt;script&gt;\\`x\\` | 1 |
        | say "hi", you | 22 |

        """)
    #expect(table.text().split(separator: "\n").count == 4)
  }

  @Test func programsReadExactValuesUnderStableNames() {
    let table = Table(
      [.init("name", name: "label"), .init("n", isNumeric: true), .init("accuracy", isNumeric: true)],
      rows: [
        ["=1+1", .count(50_890), .number(0.25) { "\($0 * 100) %" }],
        ["-1e-3", .count(orEmpty: 0), .number(nil) { "\($0)" }],
        ["@x", .count(orEmpty: nil), .number(.nan) { "\($0)" }],
      ])
    #expect(table.csv() == "label,n,accuracy\n'=1+1,50890,0.25\n-1e-3,0,\n'@x,,NaN\n")
    #expect(table.text().contains("50,890") && table.text().contains("25.0 %"))
  }

  @Test func longCellsLoseTheirMiddle() {
    let table = Table([.init("name")], rows: [[.name(String(repeating: "x", count: 300) + "end")]])
    #expect(table.text().split(separator: "\n").allSatisfy { $0.terminalColumns <= 100 })
    #expect(table.text().hasSuffix("xend\n") && table.csv().contains("xend"))
  }
}
