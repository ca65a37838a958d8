import Experiments
import Presentation
import TestSupport
import Testing

@testable import Comparing

@Suite struct BaselineDocumentTests {
  private func documents() throws -> (first: StudyResults, second: StudyResults, third: StudyResults) {
    let comparison = ComparisonSamples.everything(labels: Array(hostileNames.prefix(7)))
    var third = comparison.candidate
    third.revision = 3
    third.configurations[0].trials[0].seed = .max
    third.configurations[0].trials[0].values[.testLoss] = 1e-20
    return (comparison.baseline, comparison.candidate, third)
  }

  @Test func theTextIsTheResultsOwn() throws {
    let (first, second, third) = try documents()
    for results in [first, second, third] { #expect(try BaselineDocument(results.json).text == results.json) }
  }

  @Test func anAnchorIsAddedBelowAndTheRestStays() throws {
    let (first, second, third) = try documents()
    let once = try BaselineDocument(second.json).anchored(to: BaselineDocument(first.json))
    #expect(once.text.hasPrefix(second.json.dropLast("\n}\n".count) + ",\n  \"anchor\": {\n"))
    #expect(try StudyResults(json: once.text).configurations == second.configurations)
    // Read from the file, renewed, renewed again: the first stays.
    let read = try BaselineDocument(once.text)
    #expect(read == once)
    let twice = try BaselineDocument(third.json).anchored(to: read)
    var reader = JSONReader(Array(twice.text.utf8))
    let anchor = try #require(try reader.read().value["anchor"])
    #expect(anchor["anchor"] == nil)
    #expect(try StudyResults(json: anchor.compactText) == first)
    #expect(try twice.anchored(to: nil).text == third.json)
  }

  @Test func theSameResultsAreNotAnAnchor() throws {
    let first = try BaselineDocument(documents().first.json)
    #expect(first.anchored(to: first) == first)
  }

  @Test func whatIsNotKnownIsPassedOn() throws {
    let text = try documents().first.json.replacing("\"revision\": 1,", with: "\"revision\": 1,\n  \"later\": [true],")
    #expect(try BaselineDocument(text).text == text)
  }

  @Test func anythingElseIsRefused() {
    for text in ["", "[]", "{}", "# Notes"] {
      #expect(throws: BaselineError.self) { try BaselineDocument(text) }
    }
  }
}
