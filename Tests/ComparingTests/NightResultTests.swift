import Experiments
import Statistics
import Testing

@testable import Comparing

@Suite struct NightResultTests {
  private func night(_ results: StudyResults) -> Night {
    Night(results: results, recordedAt: 5, numerics: 3, baseline: "main", verdict: "fine")
  }

  @Test func holdsMeanAndSpreadOfEveryMetric() throws {
    let results = ComparisonSamples.everything().baseline
    let night = night(results)
    #expect((night.study, night.revision, night.commit, night.numerics) == ("nightly", 1, "0123456789abcdef", 3))
    #expect(night.machine == .init(host: "night", cpu: "EPYC", cores: 2, workers: 2, program: "1.0"))
    #expect(night.configurations.map(\.hash) == results.configurations.map(\.hash))
    let first = night.configurations[0]
    #expect(first.values.map(\.metric) == ["test_loss", "test_accuracy", "images_per_second"])
    let accuracies = results.configurations[0].trials.compactMap { $0.values[.testAccuracy] }
    #expect(first.values[1].mean == mean(accuracies))
    #expect(first.values[1].standardDeviation == standardDeviation(accuracies) && first.values[1].count == 6)
  }

  @Test func takesDoneTrialsAlone() {
    let night = night(ComparisonSamples.everything().candidate)
    #expect(night.configurations[0].values.map(\.count) == [5, 5, 5])
    var one = ComparisonSamples.everything().baseline
    one.configurations[0].trials = [one.configurations[0].trials[0]]
    #expect(self.night(one).configurations[0].values.map(\.standardDeviation) == [nil, nil, nil])
    one.configurations[0].trials = []
    #expect(self.night(one).configurations[0].values.isEmpty)
  }

  @Test func trialsOfSeveralMachinesHaveNone() {
    // One configuration of the sample ran on another host.
    #expect(night(ComparisonSamples.everything().candidate).machine == nil)
  }
}
