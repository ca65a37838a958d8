import Foundation
import Presentation
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@testable import Comparing

@Suite struct ComparisonFormTests {
  private var hostile: StudyComparison {
    let names = [0, 1, 2, 3, 4, 7, 9].map { hostileNames[$0] }
    return ComparisonSamples.everything(labels: names)
  }

  @Test func formsAreAsTheyWere() throws {
    let comparison = ComparisonSamples.everything()
    try GoldenFile.expect(comparison.text(.text), is: "comparison.txt")
    try GoldenFile.expect(comparison.text(.md), is: "comparison.md")
    try GoldenFile.expect(comparison.json, is: "comparison.json")
    try GoldenFile.expect(comparison.junit, is: "comparison.xml")
    try GoldenFile.expect(comparison.workflowCommands.joined(separator: "\n") + "\n", is: "comparison-commands.txt")
    try GoldenFile.expect(comparison.baseline.json, is: "baseline.json")
  }

  @Test func hostileNamesStayNames() throws {
    try GoldenFile.expect(hostile.text(.md), is: "comparison-hostile.md")
    try GoldenFile.expect(hostile.junit, is: "comparison-hostile.xml")
    #expect(
      hostile.workflowCommands.allSatisfy {
        !$0.contains("\n") && $0.hasPrefix("::error title=") || $0.hasPrefix("::warning title=")
      })
    #expect(!hostile.text(.text).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func junitIsXMLThatCountsItsCases() throws {
    for comparison in [ComparisonSamples.everything(), hostile] {
      let document = try XMLDocument(data: Data(comparison.junit.utf8))
      let cases = try document.nodes(forXPath: "//testcase")
      let suite = try #require(try document.nodes(forXPath: "//testsuite").first as? XMLElement)
      #expect(suite.attribute(forName: "tests")?.stringValue == "\(cases.count)")
      #expect(cases.count == comparison.rows.count + comparison.lost.count)
      for (name, path) in [("failures", "//failure"), ("errors", "//error"), ("skipped", "//skipped")] {
        #expect(suite.attribute(forName: name)?.stringValue == "\(try document.nodes(forXPath: path).count)", "\(name)")
      }
    }
  }

  @Test func strictJUnitFailsWhatItCannotTell() {
    let lax = ComparisonSamples.everything()
    var policy = lax.policy
    policy.isStrict = true
    let strict = StudyComparison(baseline: lax.baseline, candidate: lax.candidate, policy: policy)
    #expect(!strict.junit.contains("<skipped"))
  }

  @Test func aCommentBeginsWithItsMarkAndTheOutcome() throws {
    let comparison = ComparisonSamples.everything()
    let comment = comparison.comment(baseline: "nights/good.json", run: "https://github.com/me/mine/actions/runs/7")
    try GoldenFile.expect(comment, is: "comparison-comment.md")
    let lines = comment.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].wholeMatch(of: /<!-- bench compare [a-z0-9._-]+ [a-z0-9._\/-]+ -->/) != nil)
    #expect(lines[1] == "**\(Markdown.escaped(comparison.headline))**")
    let without = comparison.comment(baseline: "nights/good.json")
    #expect(without.hasPrefix(lines[0] + "\n") && !without.contains("](http"))
    // Two comparisons of one study have a comment each.
    #expect(!comparison.comment(baseline: "nights/other.json").hasPrefix(lines[0]))
  }

  @Test func aCommentOfHostileNamesIsOneCommentOfAllowedLength() {
    var (baseline, candidate) = ComparisonSamples.sides(
      (0..<600).map {
        .init(label: "@you #1 --> \(String(repeating: "|", count: 400)) \($0)", shift: -0.02, noise: 0.001)
      })
    baseline.study = "--> <script>\n"
    candidate.study = baseline.study
    let comment = StudyComparison(baseline: baseline, candidate: candidate).comment(baseline: baseline.study)
    #expect(comment.utf8.count <= 60_000 && comment.contains("more rows are not shown"))
    #expect(comment.prefix { $0 != "\n" }.wholeMatch(of: /<!-- bench compare (script-[0-9a-f]{16}) \1 -->/) != nil)
    #expect(!comment.contains("@you") && !comment.contains(" #1"))
  }

  @Test func theSummaryKeepsWithinItsSize() {
    let changes = (0..<600).map { ComparisonSamples.Change(label: "configuration \($0)", shift: -0.02, noise: 0.001) }
    let (baseline, candidate) = ComparisonSamples.sides(changes)
    let comparison = StudyComparison(baseline: baseline, candidate: candidate)
    for limit in [1 << 20, 20_000, 3000, 100, 10, 0] {
      let text = comparison.markdown(maximumBytes: limit)
      #expect(text.utf8.count <= limit)
      #expect(text.isEmpty == (limit < 50))
    }
    #expect(comparison.workflowCommands.count == 10)
    #expect(comparison.workflowCommands.last?.contains("591 more") == true)
  }

  @Test func jsonHoldsNumbersAsNumbers() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(hostile.json.utf8)) as? [String: Any])
    let rows = try #require(object["results"] as? [[String: Any]])
    #expect(object["outcome"] as? String == "regression")
    #expect(
      rows.count == 12 && rows[2]["interval"] is [Double] && rows[2]["label"] as? String == hostileNames[1])
  }

  @Test func csvHasARowForEachResultAndLostTrial() {
    let comparison = ComparisonSamples.everything()
    let lines = comparison.text(.csv).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("baseline,") } == comparison.rows.count + comparison.lost.count)
    #expect(lines[0].hasPrefix("compared_with,label,configuration,metric,family,verdict,reason,"))
    let worse = lines.first { $0.contains(",worse,") }?.split(separator: ",", omittingEmptySubsequences: false)
    let row = comparison.rows.first { $0.verdict == .worse }
    #expect(worse?.dropFirst(8).first.flatMap { Double($0) } == row?.baselineMean)
    #expect(lines.count { $0.contains(",lost,") } == comparison.lost.count)
  }
}
