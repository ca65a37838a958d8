import Comparing
import Experiments
import Testing

@testable import Reporting

/// The sample studies as a comparison takes them.
@Suite struct RecordedResultsTests {
  @Test func aStudysRecordKeepsItsNumbers() throws {
    let record = Samples.modelABC()
    let origins = Dictionary(
      uniqueKeysWithValues: record.configurations.flatMap(\.trials).map { ($0.key, ("digest", record.environment)) })
    let results = StudyResults(record, origins: origins)
    let trial = try #require(results.configurations.first?.trials.first)
    let original = try #require(record.configurations.first?.trials.first)
    #expect(trial.values[.testAccuracy] == original.evaluations.last?.test?.accuracy)
    #expect(trial.values[.wallSeconds] == original.result?.wallSeconds)
    #expect(trial.values[.validationAccuracy] == nil)
    #expect(trial.machine?.host == "example" && results.configurations[0].dataDigest == "digest")
    #expect(results.endedTrials == 18)
    let again = StudyComparison(baseline: results, candidate: results)
    #expect(again.isWithItself && again.sameRuns == 18 && again.rows.allSatisfy { $0.differences.isEmpty })
  }
}
