import Comparing
import Foundation
import GRDB
import Harness
import Reporting
import StudySupport
import Testing

/// Ordinary cases in which a gate or a table can be fooled, planted into stores: findings of an audit of an earlier
/// version, with the verdict and the words that each must have.
@Suite struct PlantedResultTests {
  /// One configuration's test accuracies, seed by seed; `nil` diverged.
  typealias Scores = [Double?]

  private static let noise = [0.0003, -0.0008, 0.0011, -0.0004, 0.0006, -0.0008]

  /// Six seeds around a score, in test images of 10,000.
  private static func around(_ score: Double, _ scale: Double = 1) -> Scores { noise.map { score + scale * $0 } }

  private static func grid(_ labels: [String], seeds: Int) -> String {
    let variants = labels.enumerated().map { "\"\($1)\": {\"optimizer.lr\": 0.\($0 + 1)}" }.joined(separator: ", ")
    return """
      {"name": "planted", "dataset": {"name": "digits", "train": 40, "test": 20},
       "model": {"family": "mlp", "hidden": []}, "optimizer": {"name": "sgd", "lr": 0.1},
       "training": {"batch_size": 20, "iterations": 2}, "seeds": [\((0..<seeds).map(String.init).joined(separator: ", "))],
       "variants": {\(variants)}}
      """
  }

  /// Trains a tiny study, and makes copies of its store that hold other scores.
  private struct Planter {
    let space: Workspace
    let labels: [String]

    init(_ space: Workspace, _ labels: [String], seeds: Int = 6) async throws {
      (self.space, self.labels) = (space, labels)
      try space.write(PlantedResultTests.grid(labels, seeds: seeds), to: "g.json")
      try await space.run { ($0.workers, $0.keepsWeights) = (1, false) }
    }

    private func path(_ name: String) -> String { space.folder.appending(path: name).path }

    /// A store with these scores, one list for each label.
    ///
    /// - Parameter run: distinguishes the executions: times and traces.
    func store(_ name: String, run: Int, _ scores: [Scores], _ more: (Database) throws -> Void = { _ in }) throws {
      try FileManager.default.copyItem(atPath: space.storePath, toPath: path(name))
      let queue = try DatabaseQueue(path: path(name))
      try queue.write { database in
        for (label, values) in zip(labels, scores) {
          for (seed, value) in values.enumerated() {
            let trial = try #require(
              try Int64.fetchOne(
                database,
                sql: """
                  SELECT trial.id FROM trial JOIN trials ON trials.trial = trial.key
                  WHERE trials.label = ? AND trials.seed = ?
                  """, arguments: [label, seed]))
            try database.execute(
              sql: "UPDATE metric SET value = ? WHERE trial_id = ? AND series_id = 4", arguments: [value ?? 0.1, trial])
            try database.execute(
              sql: """
                UPDATE attempt SET wall_seconds = 1 + ? + id / 1e6, cpu_seconds = 1 + id / 1e6, images_per_second = 5000,
                  state = ?, diverged_at = ? WHERE trial_id = ?
                """,
              arguments: [Double(run) / 1e3, value == nil ? "diverged" : "done", value == nil ? 2 : nil, trial])
            try database.execute(
              sql: "UPDATE batch_loss SET value = ? WHERE trial_id = ?", arguments: [trial * 100 + Int64(run), trial])
          }
        }
        // Accuracies of 10,000 images, not of the twenty that were looked at.
        try database.execute(
          sql: "UPDATE named_configuration SET stored = replace(stored, '\"test\":20}}', '\"test\":10000}}')")
        try more(database)
        try Planting.reseal(database)
      }
      try queue.close()
    }

    /// One side of a comparison.
    func results(_ name: String) throws -> StudyResults {
      try CompareSource(defaultStore: space.storePath) { Issue.record("\($0)") }.results(path(name))
    }

    /// Compares the stores `before.db` and `after.db`, or others.
    func compare(_ tolerance: String? = nil, with candidate: String = "after.db") throws -> StudyComparison {
      var policy = ComparisonPolicy()
      for limit in try tolerance.map(ComparisonPolicy.Limit.list) ?? [] { policy.set(limit) }
      return try StudyComparison(baseline: results("before.db"), candidate: results(candidate), policy: policy)
    }

    /// The report of `before.db` in Markdown.
    func report() throws -> String {
      try StudyReport(of: "planted", revision: nil, in: path("before.db"), options: ReportOptions()).report
        .text(.md)
    }
  }

  private func plant(
    _ labels: [String] = ["A", "B", "C"], before: [Scores], after: [Scores], seeds: Int = 6,
    more: (Database) throws -> Void = { _ in }, _ body: (Planter) async throws -> Void
  ) async throws {
    try await Workspace.inTemporaryFolder { space in
      let planter = try await Planter(space, labels, seeds: seeds)
      try planter.store("before.db", run: 0, before)
      try planter.store("after.db", run: 1, after, more)
      try await body(planter)
    }
  }

  // MARK: The gate

  /// Case 1: a row of which one seed is comparable had silenced all others.
  @Test func aShortRowOfSpeedsSilencesNothing() async throws {
    let scores = [Self.around(0.97), Self.around(0.96), Self.around(0.95)]
    let collapsed = [Self.around(0.1), Self.around(0.96, -1), Self.around(0.95, -1)]
    try await plant(before: scores, after: collapsed) { database in
      // All seeds but one ran with another share of the processor.
      try database.execute(
        sql: "UPDATE attempt SET wall_seconds = 9, images_per_second = 4000 WHERE trial_id % 6 != 1")
    } _: { planter in
      for tolerance in [nil, "test_accuracy=0.005,images_per_second=10%"] {
        let comparison = try planter.compare(tolerance)
        #expect(comparison.outcome == .regression, "\(comparison.text(.text))")
        #expect(comparison.text(.text).hasPrefix("Regression: 1 worse; "))
        #expect(comparison.text(.text).contains("Worst: A, test accuracy −87.00 points."), "\(comparison.text(.text))")
      }
    }
  }

  /// Case 1 and 2: configurations with few common seeds say what they can, and hide nothing.
  @Test func configurationsWithFewSeedsSilenceNothing() async throws {
    let scores = [Self.around(0.97), Self.around(0.96, 3), Self.around(0.95)]
    try await plant(before: scores, after: [Self.around(0.96), Self.around(0.953, 3), Self.around(0.95, -1)]) {
      database in
      try database.execute(
        sql: "UPDATE attempt SET state = 'failed' WHERE trial_id IN (SELECT id FROM trial WHERE seed > 0) "
          + "AND trial_id IN (SELECT trial.id FROM trial JOIN trials ON trials.trial = trial.key WHERE label = 'B')")
    } _: { planter in
      let comparison = try planter.compare()
      #expect(comparison.outcome == .regression, "\(comparison.text(.text))")
      #expect(
        comparison.text(.text).hasPrefix("Regression: 1 worse; 1 not tested; 1 within tolerance; 5 of"),
        "\(comparison.text(.text))")
    }
  }

  /// Case 2: a collapse of some seeds passed.
  @Test(arguments: [(1, 6), (3, 6), (4, 6), (6, 6), (4, 4), (1, 1)])
  func aCollapseIsSeen(collapsed: Int, seeds: Int) async throws {
    func scores(_ score: Double) -> Scores { Array(Self.around(score).prefix(seeds)) }
    let broken = scores(0.97).enumerated().map { $0 < collapsed ? 0.1 : $1.map { $0 - 0.0001 } }
    try await plant(
      before: [scores(0.97), scores(0.96), scores(0.95)], after: [broken, scores(0.96), scores(0.95)], seeds: seeds
    ) { planter in
      let comparison = try planter.compare()
      #expect(comparison.outcome == .regression, "\(comparison.text(.text))")
      let word = collapsed < 4 || seeds == 1 ? "collapsed: seed" : "worse"
      #expect(
        comparison.text(.text).hasPrefix("Regression: 1 ") && comparison.text(.text).contains(word),
        "\(comparison.text(.text))")
    }
  }

  /// Case 6: a loss that is not shown to exceed the tolerance is not called one, and a shown one is not called nothing.
  @Test func wordsAndNumbersAgree() async throws {
    let base = [Self.around(0.97), Self.around(0.96), Self.around(0.95)]
    let small = base.map { row in
      row.enumerated().map { seed, value in value.map { $0 - 0.0045 - 0.00001 * Double(seed) } }
    }
    try await plant(before: base, after: small) { planter in
      let comparison = try planter.compare()
      #expect(
        comparison.outcome == .fine && comparison.text(.text).hasPrefix("No regression: 3 worse, within tolerance."),
        "\(comparison.text(.text))")
      let strict = try planter.compare("test_accuracy=0.003")
      #expect(
        strict.outcome == .regression && strict.text(.text).hasPrefix("Regression: 3 worse. Worst: "),
        "\(strict.text(.text))")
    }
    // Five seeds lose 0.05 points and one 3.0: the mean loss is beyond the tolerance, but not shown to be.
    let noisy = Self.around(0.97, 8)
    let odd = noisy.enumerated().map { seed, value in value.map { $0 - (seed == 2 ? 0.03 : 0.0005) } }
    try await plant(before: [noisy, noisy, noisy], after: [odd, noisy.map { $0.map { $0 + 0.0001 } }, noisy]) {
      planter in
      let comparison = try planter.compare()
      #expect(comparison.outcome == .undecided, "\(comparison.text(.text))")
      #expect(comparison.text(.text).hasPrefix("Not decided: 1 not decided; "), "\(comparison.text(.text))")
      #expect(comparison.text(.text).contains("Worst: A, test accuracy −0.5"), "\(comparison.text(.text))")
    }
  }

  /// Case 8 and the times of case 5: a study is not compared with itself, and times are not judged unasked.
  @Test func theSameRunsAreNoComparisonAndTimesNotAskedForNoVerdict() async throws {
    let scores = [Self.around(0.97), Self.around(0.96), Self.around(0.95)]
    try await plant(before: scores, after: scores) { database in
      try database.execute(sql: "UPDATE attempt SET images_per_second = 2500, cpu_seconds = 3, wall_seconds = 3")
    } _: { planter in
      #expect(try planter.compare(with: "before.db").isWithItself)
      let slow = try planter.compare()
      #expect(slow.outcome == .fine && !slow.text(.text).contains("images/s"), "\(slow.text(.text))")
      let asked = try planter.compare("images_per_second=10%")
      #expect(asked.outcome == .regression && asked.text(.text).contains("images/s −2500"), "\(asked.text(.text))")
    }
  }

  /// Case 10: the self-test speaks of the user's own study.
  @Test func theSelfTestIsOfTheBaseline() async throws {
    try await Workspace.inTemporaryFolder { space in
      let planter = try await Planter(space, ["A", "B"])
      try planter.store("before.db", run: 0, [Self.around(0.97, 10), Self.around(0.95, 10)])
      let test = try GateSelfTest(of: planter.results("before.db"), policy: ComparisonPolicy(), nights: 200)
      #expect(test.holds, "\(test.text)")
      let text = test.text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(
        text.contains("2 configurations with 6 seeds, spreads of the baseline (half of them above 0.79 points"),
        "\(text)")
    }
  }

  // MARK: The report

  private func report(_ scores: [Scores], labels: [String] = ["A", "B", "C"]) async throws -> String {
    var text = ""
    try await plant(labels, before: scores, after: scores) { planter in
      text = try planter.report()
    }
    return text
  }

  /// Case 3: one unstable configuration blinded the report, and accuracies had intervals beyond 100 %.
  @Test func anUnstableConfigurationBlindsNothing() async throws {
    var stuck = Self.around(0.97)
    (stuck[1], stuck[4]) = (0.098, 0.1028)
    let text = try await report([Self.around(0.9702), Self.around(0.9303, -1), stuck])
    #expect(text.contains("It is better than B by 3.99 points"), "\(text)")
    #expect(text.contains(#/\| A − B \| \+3.99 \| [^|]+ \| &lt; 0.001 \|/#), "\(text)")
    #expect(text.contains("C: seeds 1, 4 ended far from the others"))
    #expect(text.contains(#/\| C \|[^|]*\| 96.94 \| \\\[\d+\.\d\d, 100.00\\\]/#), "\(text)")
  }

  /// Case 4: survivors won.
  @Test(arguments: [2, 3]) func survivorsDoNotWin(diverged: Int) async throws {
    let b: Scores = Self.around(0.976).enumerated().map { $0 < diverged ? nil : $1 }
    let text = try await report([Self.around(0.97), b, Self.around(0.93, -1)])
    #expect(
      text.contains(
        "Of those that finished with all seeds, A is best, with a test accuracy of 97.00 %: better than C by 4"),
      "\(text)")
    #expect(text.contains(#/\| 3 \| B \|/#) && text.contains("| \(6 - diverged) of 6 | – |"), "\(text)")
    let caveat = "ranked last, because some of their seeds diverged or failed: B (\(6 - diverged) of 6)"
    #expect(text.contains(caveat), "\(text)")
  }

  /// Case 7: a bracket beside a corrected p is corrected too, and the best one's flattery is said.
  @Test func bracketsAreCorrected() async throws {
    let text = try await report([Self.around(0.97), Self.around(0.9698, -1), Self.around(0.9694, 1.5)])
    #expect(text.contains("Not shown to be worse, which is not the same as equally good: B and C."), "\(text)")
    #expect(text.contains("intervals that hold for all pairs of the 3 at once"))
    #expect(text.contains("The best was picked for its score."))
    #expect(!text.contains("seeds might"))
  }

  /// Case 9: seeds that the generator can't tell apart are refused; what is in old stores counts once.
  @Test func equalBitsAreNoReplicates() async throws {
    try await Workspace.inTemporaryFolder { space in
      let planter = try await Planter(space, ["A", "B"])
      try planter.store("before.db", run: 0, [[Double?]](repeating: [Double?](repeating: 0.97, count: 6), count: 2)) {
        try $0.execute(
          sql: """
            UPDATE batch_loss SET value = (SELECT configuration_id FROM trial WHERE trial.id = trial_id);
            UPDATE metric SET value = 0.5 WHERE series_id <> 4;
            """)
      }
      let text = try planter.report()
      #expect(
        text.contains(
          "Seeds whose trials are equal to the last bit are not replicates and count once: A, seed 1, and 1 more"),
        "\(text)")
      #expect(!text.contains("97.00 ±") && !text.contains("**97.00"), "\(text)")
    }
  }
}
