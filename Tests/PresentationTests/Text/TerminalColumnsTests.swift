import Testing

@testable import Presentation

@Suite struct TerminalColumnsTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("最大", 4), ("한글", 4), ("ｆｕｌｌ", 8), ("a·b ± …", 7), ("🚀", 2),
    ("❤\u{FE0F}", 2), ("👩‍🔬", 2), ("🇩🇪", 2), ("a\u{200B}b", 2), ("α = 0,1", 7),
  ])
  func columnsAreThoseOfATerminal(text: String, columns: Int) { #expect(text.terminalColumns == columns) }

  @Test(arguments: [("最大池化", 5, "最大"), ("最大池化", 8, "最大池化"), ("ab", 0, ""), ("a最", 2, "a")])
  func prefixNeverCutsACharacterInHalf(text: String, columns: Int, expected: String) {
    #expect(text.prefix(terminalColumns: columns) == expected)
  }

  @Test func tablesStandInLineWhateverTheirLetters() {
    var table = Table([.init("配置"), .init("n", isNumeric: true)])
    table.rows = [["最大 \"max\"", "1"], ["average", "22"]]
    let lines = table.text().split(separator: "\n")
    #expect(Set(lines.map(\.terminalColumns)) == [14])
    #expect(lines[2].contains("最大 \"max\""))
  }
}
