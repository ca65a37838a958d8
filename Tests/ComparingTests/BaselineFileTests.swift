import Experiments
import Foundation
import TestSupport
import Testing

@testable import Comparing

@Suite struct BaselineFileTests {
  @Test func isReadBackAsItWasWritten() throws {
    let comparison = ComparisonSamples.everything(labels: Array(hostileNames.prefix(7)))
    for results in [comparison.baseline, comparison.candidate] {
      #expect(try StudyResults(json: results.json) == results)
    }
  }

  @Test func carriesTheMatrixLibraryAndTheComparisonNamesIt() throws {
    var (before, after) = ComparisonSamples.sides([.init(label: "a", noise: 0.001)])
    for seed in before.configurations[0].trials.indices {
      (before.configurations[0].trials[seed].key, after.configurations[0].trials[seed].key) = ("\(seed)", "\(seed)")
      before.configurations[0].trials[seed].blas = "OpenBLAS 1 on Haswell"
    }
    func said() throws -> String {
      StudyComparison(baseline: try StudyResults(json: before.json), candidate: after).text(.md)
    }
    #expect(try StudyResults(json: before.json) == before)
    #expect(
      try said().contains("the engine, the processor or its BLAS changed what it computes"), "one side is not known")
    for seed in after.configurations[0].trials.indices {
      after.configurations[0].trials[seed].blas = "OpenBLAS 1 on SkylakeX"
    }
    let text = try said()
    #expect(
      text.contains(
        "the BLAS is another, and rounds differently: OpenBLAS 1 on Haswell before, OpenBLAS 1 on SkylakeX now"),
      "\(text)")
  }

  @Test func carriesItsAnchor() throws {
    let comparison = ComparisonSamples.everything()
    let anchor = comparison.candidate.json.split(separator: "\n").joined(separator: "\n  ")
    let text = comparison.baseline.json.replacing(
      "\"configurations\": [", with: "\"anchor\": \(anchor),\n  \"configurations\": [", maxReplacements: 1)
    #expect(try StudyResults(json: text) == comparison.baseline)
    #expect(try StudyResults.anchor(json: text) == comparison.candidate)
    #expect(try StudyResults.anchor(json: comparison.baseline.json) == nil)
    #expect(throws: BaselineError.self) { try StudyResults.anchor(json: #"{"anchor": {"schema": "x"}}"#) }
  }

  @Test func holdsOneLineATrial() {
    let results = ComparisonSamples.everything().baseline
    let trials = results.json.split(separator: "\n").count { $0.contains("\"seed\"") && $0.contains("\"trace\"") }
    #expect(trials == results.endedTrials)
  }

  @Test(arguments: [
    ("", "line 1"), ("[]", "this is not a baseline"), (#"{"schema": "bench.report"}"#, "this is not a baseline"),
    (#"{"schema": "bench.baseline", "schema_version": 2}"#, "a newer program"),
    (#"{"schema": "bench.baseline", "schema_version": 1}"#, "is missing"),
    (
      #"{"schema":"bench.baseline","schema_version":1,"study":"a","revision":1,"configurations":[{}]}"#,
      "configurations[0]: label"
    ),
    (
      #"{"schema":"bench.baseline","schema_version":1,"study":"a","revision":1,"configurations":[{"label":"l","#
        + #""configuration":"h","trials":[{"seed":-1,"state":"done"}]}]}"#, "configurations[0].trials[0]: seed"
    ),
    (
      #"{"schema":"bench.baseline","schema_version":1,"study":"a","revision":1,"configurations":[{"label":"l","#
        + #""configuration":"h","trials":[{"seed":1,"state":"done","machine":0}]}]}"#, "no machine 0"
    ),
    (
      #"{"schema":"bench.baseline","schema_version":1,"study":"a","revision":1,"configurations":[{"label":"l","#
        + #""configuration":"h","trials":[{"seed":1,"state":"done","test_loss":"x"}]}]}"#,
      "test_loss is not a finite number"
    ),
  ])
  func saysWhereItIsWrong(text: String, part: String) {
    let error = #expect(throws: BaselineError.self) { try StudyResults(json: text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func seedsKeepAllTheirBits() throws {
    var results = ComparisonSamples.everything().baseline
    results.configurations[0].trials[0].seed = .max
    #expect(try StudyResults(json: results.json).configurations[0].trials[0].seed == .max)
  }
}

@Suite struct PolicyTests {
  @Test func readsWhatTheCommandLineSays() throws {
    #expect(
      try ComparisonPolicy.Limit.list("test_accuracy=0.005, images_per_second=10%")
        == [.init(.testAccuracy, .absolute(0.005)), .init(.imagesPerSecond, .relative(0.1))])
  }

  @Test(arguments: [
    ("accuracy=1", "not a metric"), ("test_loss", "METRIC=TOLERANCE"), ("test_loss=", "a number from 0"),
    ("test_loss=-1", "a number from 0"), ("test_loss=nan", "a number from 0"), ("test_loss=inf", "a number from 0"),
    ("test_loss=0.1,", "METRIC=TOLERANCE"),
  ])
  func refusesAnythingElse(text: String, part: String) {
    let error = #expect(throws: PolicyError.self) { try ComparisonPolicy.Limit.list(text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func readsAFile() throws {
    let policy = try ComparisonPolicy(
      json: #"{"tolerance": {"test_accuracy": 0.01, "images_per_second": "5%"}, "alpha": 0.01, "strict": true}"#)
    #expect(
      policy
        == ComparisonPolicy(
          limits: [.init(.testAccuracy, .absolute(0.01)), .init(.imagesPerSecond, .relative(0.05))], alpha: 0.01,
          isStrict: true))
  }

  @Test(arguments: [
    ("[]", "an object"), (#"{"alpha": 2}"#, "between 0 and 0.5"), (#"{"alhpa": 0.1}"#, "not a key"),
    (#"{"tolerance": {"x": 1}}"#, "not a metric"), (#"{"tolerance": {"test_loss": true}}"#, "neither a number"),
    (#"{"strict": "yes"}"#, "true or false"), ("{", "line 1"),
  ])
  func saysWhatIsWrongInAFile(text: String, part: String) {
    let error = #expect(throws: PolicyError.self) { try ComparisonPolicy(json: text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func aLaterLimitTakesTheEarlierOnesPlace() {
    var policy = ComparisonPolicy(limits: [.init(.testAccuracy, .absolute(1)), .init(.testLoss, .absolute(1))])
    policy.set(.init(.testAccuracy, .absolute(2)))
    #expect(policy.limits == [.init(.testAccuracy, .absolute(2)), .init(.testLoss, .absolute(1))])
  }
}
