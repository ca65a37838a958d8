import Experiments
import Presentation
import Testing

@testable import Reporting

/// Text for a terminal fits it, and says the answer first.
@Suite struct WidthTests {
  @Test(arguments: Sample.allCases, [50, 80, 120, 200]) func noLineIsWiderThanTheTerminal(sample: Sample, width: Int) {
    let text = TextWidth.$columns.withValue(width) { Report(sample.record).text(.text) }
    for line in text.split(separator: "\n") { #expect(line.terminalColumns <= width, "\(line)") }
  }

  @Test(arguments: [50, 80, 120]) func theAnswerStandsOnTheFirstScreen(width: Int) throws {
    let text = TextWidth.$columns.withValue(width) { Report(Samples.grid()).answer(limit: 8) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.contains("─") })
    #expect(first < 14, "the ranking begins in line \(first)")
    #expect(lines.first?.hasPrefix("0.1 · full") == true, "\(lines[0])")
    #expect(text.contains("4 more configurations are in results.csv."))
  }

  @Test func whatHasNoRoomIsNamed() {
    let text = TextWidth.$columns.withValue(50) { Report(Samples.grid()).answer(limit: 8) }
    #expect(text.contains("(no room for ") && text.contains("95 % interval"))
    let wide = TextWidth.$columns.withValue(200) { Report(Samples.grid()).answer(limit: 8) }
    #expect(!wide.contains("no room"))
  }
}
