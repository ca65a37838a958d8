import Presentation
import Testing

@Suite struct WorkflowLogTests {
  @Test(arguments: [
    ("::stop-commands::x", ": :stop-commands::x"), ("  \t::error::x", "  \t: :error::x"),
    ("a\n::error::x\nb", "a\n: :error::x\nb"), ("a\r::x", "a\r: :x"), ("\u{3000}::x", "\u{3000}: :x"),
    ("name ##[group]x", "name ## [group]x"), ("###[x", "### [x"), (":::x", ": ::x"),
  ])
  func commandsBecomeText(text: String, expected: String) {
    #expect(WorkflowLog.defused(text) == expected)
    #expect(WorkflowLog.defused(expected) == expected)
  }

  @Test(arguments: ["a ::b::", "std::vector", ": x", ":", "## [x]", "#[x]", ":a:", "accuracy: 3\n  loss: 4"])
  func otherTextStays(text: String) { #expect(WorkflowLog.defused(text) == text) }

  @Test func jsonMeansTheSame() throws {
    let value: JSONValue = ["label": "##[group]x", "other": "::y"]
    let text = WorkflowLog.defused(json: value.prettyText)
    #expect(!text.contains("##["))
    var reader = JSONReader(Array(text.utf8))
    #expect(try reader.read().value == value)
  }
}
