import Architectures
import Experiments
import Testing

@testable import Comparing

/// The scores that a grid asks for beside loss and accuracy, at the gate.
@Suite struct ScoreGateTests {
  private func sides(_ metric: ComparedMetric, shift: Double) -> (baseline: StudyResults, candidate: StudyResults) {
    var (baseline, candidate) = ComparisonSamples.sides([.init(label: "one", shift: shift, noise: 0.0005)])
    for seed in baseline.configurations[0].trials.indices {
      let (before, after) = (baseline.configurations[0].trials[seed], candidate.configurations[0].trials[seed])
      baseline.configurations[0].trials[seed].values[metric] = before.values[.testAccuracy]
      candidate.configurations[0].trials[seed].values[metric] = after.values[.testAccuracy]
    }
    return (baseline, candidate)
  }

  private func verdict(_ metric: ComparedMetric, shift: Double) throws -> Verdict {
    let (baseline, candidate) = sides(metric, shift: shift)
    let policy = ComparisonPolicy(limits: [.init(metric, .absolute(0.01))])
    let comparison = StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
    return try #require(comparison.rows.first { $0.metric == metric }).verdict
  }

  @Test func theDirectionIsKnown() throws {
    #expect(try verdict(.score(.test, .macroF1), shift: -0.03) == .worse)
    #expect(try verdict(.score(.test, .macroF1), shift: 0.03) == .better)
    #expect(try verdict(.score(.test, .expectedCalibrationError), shift: -0.03) == .better)
    #expect(try verdict(.score(.test, .expectedCalibrationError), shift: 0.03) == .worse)
  }

  @Test func namesAreReadBack() throws {
    let scores: [ComparedMetric] = [
      .score(.test, .topAccuracy(5)), .score(.validation, .balancedAccuracy), .score(.test, .expectedCalibrationError),
    ]
    for metric in ComparedMetric.allCases + scores { #expect(ComparedMetric(rawValue: metric.rawValue) == metric) }
    for name in ["test_", "train_f1_macro", "test_f1", "f1_macro"] { #expect(ComparedMetric(rawValue: name) == nil) }
    #expect(
      ComparedMetric.ordered(scores + [.wallSeconds, .testLoss]).map(\.rawValue) == [
        "test_loss", "wall_seconds", "test_expected_calibration_error", "test_top_5_accuracy",
        "validation_balanced_accuracy",
      ])
  }

  @Test func tolerancesAreRead() throws {
    let limits = try ComparisonPolicy.Limit.list("f1_macro=0.01,validation_top_5_accuracy=2%")
    #expect(
      limits == [
        .init(.score(.test, .macroF1), .absolute(0.01)), .init(.score(.validation, .topAccuracy(5)), .relative(0.02)),
      ])
    let unknown = try #require(throws: PolicyError.self) { try ComparisonPolicy.Limit.list("f1_marco=0.01") }
    #expect(
      unknown.description == "\"f1_marco\" is not a metric; expected one of train_loss, validation_loss, "
        + "validation_accuracy, test_loss, test_accuracy, best_test_accuracy, wall_seconds, cpu_seconds, peak_bytes, "
        + "images_per_second, or one of the grid's metrics, such as f1_macro or validation_f1_macro. Did you mean "
        + "\"f1_macro\"?")
    let huge = try #require(throws: PolicyError.self) { try ComparisonPolicy.Limit.list("f1_macro=1") }
    #expect(
      huge.description
        == "the tolerance of f1_macro is 1, which are 100 points of macro F1 and would let almost any loss "
        + "pass; it lies in [0, 1]: half a point is 0.005")
  }

  @Test func baselinesKeepThem() throws {
    let (baseline, _) = sides(.score(.test, .macroF1), shift: 0)
    #expect(baseline.json.contains("\"test_f1_macro\": "))
    #expect(try StudyResults(json: baseline.json) == baseline)
    let night = Night(results: baseline, recordedAt: 0, numerics: nil, baseline: "main", verdict: "fine")
    #expect(night.configurations[0].values.last?.metric == "test_f1_macro")
  }
}
