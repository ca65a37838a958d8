import Foundation
import GRDB
import Testing

/// Ordinary cases in which a gate or a table can be fooled, planted into stores and judged by the built program: what an
/// audit of an earlier version found, with the verdict, the words and the exit code that each must have.
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
    let program: Program
    let labels: [String]

    init(_ program: Program, _ labels: [String], seeds: Int = 6) async throws {
      (self.program, self.labels) = (program, labels)
      try program.write(PlantedResultTests.grid(labels, seeds: seeds), to: "grid.json")
      let run = try await program.run("run", "grid.json", "-q", "--no-weights", "-j", "1")
      #expect(run.code == 0, "\(run.errors)")
    }

    /// A store with these scores, one list for each label.
    ///
    /// - Parameter run: distinguishes the executions: times and traces.
    func store(_ name: String, run: Int, _ scores: [Scores], _ more: (Database) throws -> Void = { _ in }) throws {
      let path = program.folder.appending(path: name).path
      try FileManager.default.copyItem(atPath: program.storePath, toPath: path)
      let queue = try DatabaseQueue(path: path)
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

    func compare(_ arguments: String...) async throws -> Program.Outcome {
      try await program.run(["compare", "before.db", "after.db"] + arguments)
    }
  }

  private func plant(
    _ labels: [String] = ["A", "B", "C"], before: [Scores], after: [Scores], seeds: Int = 6,
    more: (Database) throws -> Void = { _ in }, _ body: (Planter) async throws -> Void
  ) async throws {
    try await Program.inTemporaryFolder { program in
      let planter = try await Planter(program, labels, seeds: seeds)
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
      for options in [[], ["--tolerance", "test_accuracy=0.005,images_per_second=10%"]] {
        let outcome = try await planter.program.run(["compare", "before.db", "after.db"] + options)
        #expect(outcome.code == 2, "\(outcome.output)")
        #expect(outcome.output.hasPrefix("Regression: 1 worse; "))
        #expect(outcome.output.contains("Worst: A, test accuracy −87.00 points."), "\(outcome.output)")
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
      let outcome = try await planter.compare()
      #expect(outcome.code == 2, "\(outcome.output)")
      #expect(
        outcome.output.hasPrefix("Regression: 1 worse; 1 not tested; 1 within tolerance; 5 of"), "\(outcome.output)")
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
      let outcome = try await planter.compare()
      #expect(outcome.code == 2, "\(outcome.output)")
      let word = collapsed < 4 || seeds == 1 ? "collapsed: seed" : "worse"
      #expect(outcome.output.hasPrefix("Regression: 1 ") && outcome.output.contains(word), "\(outcome.output)")
    }
  }

  /// Case 6: a loss that is not shown to exceed the tolerance is not called one, and a shown one is not called nothing.
  @Test func wordsAndNumbersAgree() async throws {
    let base = [Self.around(0.97), Self.around(0.96), Self.around(0.95)]
    let small = base.map { row in
      row.enumerated().map { seed, value in value.map { $0 - 0.0045 - 0.00001 * Double(seed) } }
    }
    try await plant(before: base, after: small) { planter in
      let outcome = try await planter.compare()
      #expect(
        outcome.code == 0 && outcome.output.hasPrefix("No regression: 3 worse, within tolerance."), "\(outcome.output)")
      let strict = try await planter.compare("--tolerance", "test_accuracy=0.003")
      #expect(strict.code == 2 && strict.output.hasPrefix("Regression: 3 worse. Worst: "), "\(strict.output)")
    }
    // Five seeds lose 0.05 points and one 3.0: the mean loss is beyond the tolerance, but not shown to be.
    let noisy = Self.around(0.97, 8)
    let odd = noisy.enumerated().map { seed, value in value.map { $0 - (seed == 2 ? 0.03 : 0.0005) } }
    try await plant(before: [noisy, noisy, noisy], after: [odd, noisy.map { $0.map { $0 + 0.0001 } }, noisy]) {
      planter in
      let outcome = try await planter.compare()
      #expect(outcome.code == 4, "\(outcome.output)")
      #expect(outcome.output.hasPrefix("Not decided: 1 not decided; "), "\(outcome.output)")
      #expect(outcome.output.contains("Worst: A, test accuracy −0.5"), "\(outcome.output)")
    }
  }

  /// Case 8 and the times of case 5: a study is not compared with itself, and times are not judged unasked.
  @Test func theSameRunsAreNoComparisonAndTimesNotAskedForNoVerdict() async throws {
    let scores = [Self.around(0.97), Self.around(0.96), Self.around(0.95)]
    try await plant(before: scores, after: scores) { database in
      try database.execute(sql: "UPDATE attempt SET images_per_second = 2500, cpu_seconds = 3, wall_seconds = 3")
    } _: { planter in
      let same = try await planter.program.run("compare", "before.db", "before.db")
      #expect(same.code == 64 && same.errors.contains("both sides are the same runs"), "\(same.errors)")
      let slow = try await planter.compare()
      #expect(slow.code == 0 && !slow.output.contains("images/s"), "\(slow.output)")
      let asked = try await planter.compare("--tolerance", "images_per_second=10%")
      #expect(asked.code == 2 && asked.output.contains("images/s −2500"), "\(asked.output)")
    }
  }

  /// Case 10: the self-test speaks of the user's own study.
  @Test func theSelfTestIsOfTheBaseline() async throws {
    try await Program.inTemporaryFolder { program in
      let planter = try await Planter(program, ["A", "B"])
      try planter.store("before.db", run: 0, [Self.around(0.97, 10), Self.around(0.95, 10)])
      let outcome = try await program.run("compare", "--self-test", "before.db", "--nights", "200")
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      let text = outcome.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(
        text.contains("2 configurations with 6 seeds, spreads of the baseline (half of them above 0.79 points"),
        "\(text)")
    }
  }

  // MARK: The report

  private func report(_ scores: [Scores], labels: [String] = ["A", "B", "C"]) async throws -> String {
    var text = ""
    try await plant(labels, before: scores, after: scores) { planter in
      let outcome = try await planter.program.run("report", "planted", "--db", "before.db", "--format", "md")
      #expect(outcome.code == 0, "\(outcome.errors)")
      text = outcome.output
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
    try await Program.inTemporaryFolder { program in
      let planter = try await Planter(program, ["A", "B"])
      try planter.store("before.db", run: 0, [[Double?]](repeating: [Double?](repeating: 0.97, count: 6), count: 2)) {
        try $0.execute(
          sql: """
            UPDATE batch_loss SET value = (SELECT configuration_id FROM trial WHERE trial.id = trial_id);
            UPDATE metric SET value = 0.5 WHERE series_id <> 4;
            """)
      }
      let text = try await program.run("report", "planted", "--db", "before.db", "--format", "md").output
      #expect(
        text.contains(
          "Seeds whose trials are equal to the last bit are no replicates and count once: A, seed 1, and 1 more"),
        "\(text)")
      #expect(!text.contains("97.00 ±") && !text.contains("**97.00"), "\(text)")
    }
  }
}
