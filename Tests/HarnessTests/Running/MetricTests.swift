import Architectures
import Comparing
import Experiments
import Foundation
import Presentation
import Reporting
import StudySupport
import Testing
import Tracking

@testable import Harness

/// What a grid asks for beside loss and accuracy, from the training to the gate.
@Suite struct MetricTests {
  private static let scores: [ClassificationScore] = [
    .topAccuracy(3), .macroF1, .balancedAccuracy, .expectedCalibrationError,
  ]
  /// Two configurations, two seeds, 4 evaluations; dropout and batch normalisation, so that evaluating is not training.
  private static let grid = #"""
    {"name": "scored", "dataset": {"name": "digits", "train": 200, "test": 90, "validation": 60},
     "model": {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 12}, {"type": "batch_norm1d"},
       {"type": "relu"}, {"type": "dropout", "p": 0.2}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.2}, "training": {"batch_size": 20, "iterations": 20, "evaluate_every": 5},
     "metrics": ["top_3_accuracy", "f1_macro", "balanced_accuracy", "expected_calibration_error"],
     "seeds": [1, 2], "axes": {"optimizer.lr": [0.2, 0.05]}}
    """#

  private func trained(
    _ grid: String = MetricTests.grid, _ body: (Workspace) async throws -> Void
  ) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid, to: "g.json")
      try await space.run()
      try await body(space)
    }
  }

  @Test func everyEvaluationIsScored() async throws {
    try await trained { space in
      let record = try space.store().study(named: "scored")
      #expect(record.metrics == Self.scores)
      for trial in record.configurations.flatMap(\.trials) {
        #expect(trial.evaluations.count == 4)
        for evaluation in trial.evaluations {
          for split in ScoredSplit.allCases {
            let found = try #require(evaluation[split]?.metrics)
            #expect(Set(found.keys) == Set(Self.scores) && found.values.allSatisfy { (0...1).contains($0) })
            #expect(try #require(found[.topAccuracy(3)]) >= #require(evaluation[split]?.accuracy))
          }
        }
        // The counts of the last evaluation say two of the scores by themselves.
        let counts = try #require(trial.result?.confusion)
        let test = try #require(trial.evaluations.last?.test?.metrics)
        let recalls = counts.indices.map { Double(counts[$0][$0]) / Double(counts[$0].reduce(0, +)) }
        let precisions = counts.indices.map { one in
          let answers = counts.reduce(0) { $0 + $1[one] }
          return Double(counts[one][one]) / Double(max(1, answers))
        }
        let f1: [Double] = zip(precisions, recalls).map { precision, recall in
          precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
        }
        let balanced = try #require(test[.balancedAccuracy])
        #expect(abs(balanced - recalls.reduce(0, +) / 10) < 1e-12)
        let macroF1 = try #require(test[.macroF1])
        #expect(abs(macroF1 - f1.reduce(0, +) / 10) < 1e-12)
      }
      // The number of digits in the test set is even among classes, or nearly.
      let view = try space.query {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM curves WHERE split = 'validation' AND metric = 'f1_macro'")
      }
      // Four evaluations of each of four trials.
      #expect(view == 16)
    }
  }

  @Test func scoresAreTheSameHoweverTheTrainingRuns() async throws {
    var digests: [[String: String]] = []
    try await trained { space in digests.append(try space.traceDigests()) }
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid, to: "g.json")
      _ = try await space.stopInTheMiddle(after: 2) { $0.checkpointInterval = .iterations(3) }
      try await space.run { $0.workers = 1 }
      digests.append(try space.traceDigests())
    }
    #expect(digests[0].count == 4 && digests[0] == digests[1])
  }

  @Test func aTrialThatIsNotScoredKeepsItsKeyAndItsNumbers() async throws {
    var (scored, plain): ([TrialRecord], [TrialRecord]) = ([], [])
    try await trained { space in scored = try space.store().study(named: "scored").configurations[0].trials }
    let unscored = Self.grid.replacing(#/ "metrics": [^\n]*\n/#, with: "")
    try await trained(unscored) { space in
      let record = try space.store().study(named: "scored")
      plain = record.configurations[0].trials
      #expect(throws: TrialFilterError.self) { try space.store().trials(matching: TrialFilter("test_f1_macro > 0")) }
      let rows = try space.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM series WHERE id >= 10") }
      #expect(rows == 0)
      let report = try StudyReport(of: "scored", revision: nil, in: space.storePath, options: .init(), tuned: nil)
      #expect(!report.report.text(.md).contains("Macro F1"))
    }
    #expect(zip(scored, plain).allSatisfy { $0.key != $1.key })
    #expect(scored.map { $0.evaluations.map(\.test?.loss) } == plain.map { $0.evaluations.map(\.test?.loss) })
  }

  @Test func aChangedScoreIsFound() async throws {
    try await trained { space in
      let key = try #require(try space.traceDigests().keys.sorted().first)
      try space.meddle(
        """
        UPDATE metric SET value = value / 2 WHERE iteration = 10 AND trial_id = (SELECT id FROM trial WHERE key = '\(key)')
          AND series_id = (SELECT id FROM series WHERE split = 'test' AND metric = 'f1_macro')
        """)
      let store = try space.store()
      #expect(throws: StoreError.self) { try store.study(named: "scored") }
      #expect(try store.proof().unproven.map(\.key) == [key])
    }
  }

  @Test func reportsAndPagesHaveTheScores() async throws {
    try await trained { space in
      let store = try space.store()
      let impossible = try TrialFilter("test_f1_macro >= 0 and validation_top_3_accuracy > 1.5")
      #expect(try store.trials(matching: impossible).isEmpty)
      #expect(try store.trials(matching: TrialFilter("test_f1_macro >= 0")).count == 4)
      let trial = try store.trial(prefix: try #require(try space.traceDigests().keys.first))
      let page = TrialPage(trial)
      let names = Self.scores.flatMap { ["validation_\($0.name)", "test_\($0.name)"] }
      #expect(page.text(.csv).prefix { !$0.isNewline }.hasSuffix("test_accuracy," + names.joined(separator: ",")))
      #expect(page.text(.text).contains("expected calibration error"))
      let shown = try json(page)
      #expect(
        try #require(shown["evaluations"]?.array?.last?["test"]?["f1_macro"]?.double)
          == trial.record.evaluations.last?.test?.metrics[.macroF1])

      let report = try StudyReport(
        of: "scored", revision: nil, in: space.storePath, options: ReportOptions(gnuplot: "/no/gnuplot"), tuned: nil)
      let folder = space.folder.appending(path: "reports")
      _ = try await report.withLossCurves().write(into: folder)
      func file(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: "scored/\(name)"), encoding: .utf8)
      }
      let readme = try file("README.md")
      #expect(readme.contains("## Scores") && readme.contains("| expected calibration error | "))
      #expect(
        readme.contains("| Scored by | top-3 accuracy, macro F1, balanced accuracy, expected calibration error |"))
      #expect(try file("index.html").contains("Test macro F1 (%)"))
      #expect(try file("results.csv").contains(names.joined(separator: ",")))
      var reader = JSONReader(Array(try file("results.json").utf8))
      let results = try reader.read().value
      let best = try #require(results["configurations"]?.array?.first)
      let values = try #require(best["trials"]?.array).compactMap {
        $0["evaluations"]?.array?.last?["test_f1_macro"]?.double
      }
      #expect(values.count == 2)
      let mean = try #require(best["metrics"]?["test_f1_macro"]?["score"]?["mean"]?.double)
      #expect(abs(mean - values.reduce(0, +) / 2) < 1e-15)
      let export = StudyExport(StudyCurves(of: try store.study(named: "scored"), in: store))
      var curves = ""
      try export.writeCurvesCSV { curves += $0 }
      #expect(curves.split(separator: "\r\n").count { $0.contains(",test,top_3_accuracy,") } == 4 * 4)
    }
  }

  @Test func resultsCarryThemToTheGate() async throws {
    try await trained { space in
      let store = try space.store()
      let record = try store.study(named: "scored")
      let results = StudyResults(record, origins: [:])
      let values = try #require(results.configurations.first?.trials.first?.values)
      let last = try #require(record.configurations.first?.trials.first?.evaluations.last)
      #expect(values[.score(.test, .macroF1)] == last.test?.metrics[.macroF1])
      #expect(values[.score(.validation, .topAccuracy(3))] == last.validation?.metrics[.topAccuracy(3)])
      #expect(try StudyResults(json: results.json).configurations.map(\.trials) == results.configurations.map(\.trials))
    }
  }
}
