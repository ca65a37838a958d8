import TestSupport
import Testing

@testable import Presentation

@Suite struct OutputFormatTests {
  private static var table: Table {
    Table(
      [.init("name"), .init("of peak", isNumeric: true, name: "share")],
      rows: [["=1+1 <b>", .number(0.25) { "\(Int($0 * 100)) %" }], ["x", .number(.nan) { "\($0)" }]])
  }

  private static var sections: Printout {
    Printout(
      title: "A & B",
      sections: [
        Section(id: "one", title: "One", blocks: [.paragraph("First."), .list(["a", "b"])]),
        Section(id: "two", title: "Two", blocks: [.preformatted("x\n  y"), .table(table)]),
      ], table: table, json: table.json)
  }

  @Test(arguments: [
    (OutputFormat.text, "name      of peak\n────────  ───────\n=1+1 <b>     25 %\nx             nan\n"),
    (.csv, "name,share\n'=1+1 <b>,0.25\nx,NaN\n"),
    (.json, "[{\"name\": \"=1+1 <b>\", \"share\": 0.25}, {\"name\": \"x\", \"share\": \"NaN\"}]\n"),
    (.md, "| name | of peak |\n| :--- | ---: |\n| =1+1 &lt;b&gt; | 25 % |\n| x | nan |\n"),
  ])
  func aTableIsPrinted(format: OutputFormat, text: String) {
    #expect(Printout(Self.table, json: Self.table.json).text(format) == text)
  }

  @Test func sectionsAreForPeopleAndTheirTableForPrograms() {
    #expect(
      Self.sections.text(.text)
        == "First.\n\n- a\n- b\n\nTwo\n\n  x\n    y\n\n  name      of peak\n  ────────  ───────\n  =1+1 <b>     25 %\n"
        + "  x             nan\n")
    #expect(
      Self.sections.text(.md)
        == "# A & B\n\n".replacing("&", with: "&amp;")
        + "## One\n\nFirst.\n\n- a\n- b\n\n## Two\n\n```text\nx\n  y\n```\n\n"
        + Self.table.markdown + "\n")
    let page = Self.sections.text(.html)
    #expect(page.hasPrefix("<!doctype html>\n<meta charset=\"utf-8\">\n<title>A &amp; B</title>\n<h1>A &amp; B</h1>\n"))
    #expect(page.contains("<h2>One</h2>\n<p>First.</p>") && page.contains("<td>=1+1 &lt;b&gt;</td>"))
    #expect(
      Self.sections.text(.csv) == Self.table.csv() && Self.sections.text(.json) == Self.table.json.prettyText + "\n")
  }

  @Test(arguments: OutputFormat.allCases) func everyFormatEndsItsLastLine(format: OutputFormat) {
    let names = Table([.init("name")], rows: hostileNames.map { [.name($0)] })
    for printout in [Self.sections, Printout(names, json: names.json)] {
      #expect(printout.text(format).utf8.last == 10, "\(format)")
    }
  }

  @Test func programsMayReadAnotherTable() {
    let programs = Table(names: ["raw"], values: [[1]])
    let printout = Printout(Self.table, programs: programs, json: programs.json)
    #expect(printout.text(.csv) == "raw\n1\n" && printout.text(.json) == "[{\"raw\": 1}]\n")
    #expect(printout.text(.text) == Self.table.text() && printout.text(.md) == Self.table.markdown)
  }

  @Test func aFormatMayBeWrittenInAnotherWay() {
    let printout = Printout(Self.table, json: .null, own: [.text: { "own\n" }])
    #expect(printout.text(.text) == "own\n" && printout.text(.csv) == Self.table.csv())
  }
}
