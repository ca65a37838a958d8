import Comparing
import Experiments
import Foundation
import Reporting
import StudySupport
import Testing
import Tracking

@testable import Harness

/// A scheduler's rates from the grid to the report.
@Suite struct LearningRateTests {
  /// Two configurations with a scheduler and one without, two seeds, 4 epochs of 5 iterations.
  private let grid = #"""
    {"name": "rates", "dataset": {"name": "digits", "train": 150, "test": 20, "validation": 50},
     "model": {"family": "mlp", "hidden": [6]}, "optimizer": {"name": "sgd", "lr": 0.2},
     "training": {"batch_size": 20, "epochs": 4, "clip_grad_norm": 1}, "seeds": [1, 2],
     "variants": {"still": {}, "step": {"optimizer.scheduler": {"name": "step_lr", "step_size": 2, "gamma": 0.5}},
       "plateau": {"optimizer.scheduler": {"name": "reduce_lr_on_plateau", "patience": 0, "threshold": 0.5}}}}
    """#

  private func trained(
    _ change: (inout RunSettings) -> Void = { _ in }, _ body: (Workspace) async throws -> Void
  ) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid, to: "g.json")
      try await space.run("g.json", change)
      try await body(space)
    }
  }

  private func rates(_ space: Workspace, _ label: String) throws -> [Double] {
    let store = try space.store()
    let trial = try #require(try store.trials(of: "rates").first { $0.label == label })
    return try store.learningRates(of: trial.key).map(\.rate)
  }

  @Test func ratesAreStoredDrawnAndExported() async throws {
    try await trained { space in
      #expect(try rates(space, "still").isEmpty)
      #expect(try rates(space, "step") == Array(repeating: 0.2, count: 10) + Array(repeating: 0.1, count: 10))
      let plateau = try rates(space, "plateau")
      #expect(Set(plateau).count > 1)
      let store = try space.store()
      let record = try store.study(named: "rates")
      let export = StudyExport(StudyCurves(of: record, in: store))
      var text = ""
      try export.writeCurvesCSV { text += $0 }
      #expect(text.split(separator: "\r\n").count { $0.contains(",train,lr,") } == 4 * 20)
      let report = try StudyReport(
        of: "rates", revision: nil, in: space.storePath, options: ReportOptions(gnuplot: "/no/gnuplot"), tuned: nil)
      let folder = space.folder.appending(path: "reports")
      _ = try await report.withLossCurves().write(into: folder)
      let data = try String(contentsOf: folder.appending(path: "rates/charts/schedule.tsv"), encoding: .utf8)
      #expect(data.contains("# step\n1\t0.2\t0.2\t0.2\n") && data.contains("20\t0.1\t0.1\t0.1\n"))
      let page = try String(contentsOf: folder.appending(path: "rates/README.md"), encoding: .utf8)
      #expect(page.contains("| Gradients | norm at most 1 |"))
    }
  }

  @Test func aChangedRateIsFound() async throws {
    try await trained { space in
      let label = try #require(try space.store().trials(of: "rates").first { $0.label == "step" })
      try space.meddle(
        """
        UPDATE metric SET value = value * 2 WHERE series_id = 5 AND iteration = 7
          AND trial_id = (SELECT id FROM trial WHERE key = '\(label.key)')
        """)
      let store = try space.store()
      #expect(throws: StoreError.self) { try store.losses(of: label.key) }
      let unproven = try store.proof().unproven.map(\.key)
      #expect(unproven == [label.key])
    }
  }

  @Test func ratesAreThinnedAsLossesAre() async throws {
    try await trained({ $0.lossInterval = 4 }) { space in
      #expect(try rates(space, "step") == [0.2, 0.2, 0.1, 0.1, 0.1])
      let proof = try space.store().proof()
      #expect(proof.unproven.isEmpty)
    }
  }

  @Test func anInterruptedStudyGoesOnToTheSameBits() async throws {
    var whole: [String: String] = [:]
    try await trained { whole = try $0.traceDigests() }
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid, to: "g.json")
      _ = try await space.stopInTheMiddle(after: 6)
      try await space.run()
      let digests = try space.traceDigests()
      #expect(digests == whole && whole.count == 6)
      #expect(try rates(space, "plateau").count == 20)
    }
  }
}
