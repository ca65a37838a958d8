import Comparing
import Experiments
import Foundation
import GRDB
import Harness
import Presentation
import Reporting
import StudySupport
import TestSupport
import Testing
import Tracking

/// Whatever stands in a store, what reads it ends: with a result or with an error, never with a trap and never too late.
/// `make fuzz` edits 5,000 stores.
@Suite struct EditedStoreTests {
  /// Trains a study, and keeps it as a baseline and as nights.
  static func prepare(_ space: Workspace) async throws {
    var grid = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1], iterations: 20, train: 100)
    grid.name = "small"
    try space.write(
      grid.text.replacing("\"test\": 100", with: "\"test\": 40, \"validation\": 20"), to: "g.json")
    try await space.run { $0.workers = 1 }
    let baseline = NamedBaseline("main", in: space.storePath)
    // Two documents, and results that are of another run than both.
    for _ in 0..<2 {
      _ = try baseline.save(study: "small", newAnchor: false)
      try space.meddle("UPDATE attempt SET wall_seconds = 2 * wall_seconds, result_digest = NULL")
    }
    try NamedComparison(
      baseline: "main", candidate: "#small", policy: ComparisonPolicy(), storePath: space.storePath, warn: { _ in }
    ).record()
    for night in 1..<8 {
      try space.meddle(
        """
        INSERT INTO night SELECT \(night + 1), recorded_at + 86400 * \(night), study, revision, commit_hash, host, cpu,
          cores, workers, program, numerics, baseline, verdict, NULL FROM night WHERE id = 1;
        INSERT INTO night_value SELECT \(night + 1), position, metric, configuration, label, mean + 0.01 * \(night % 3), sd,
          seeds FROM night_value WHERE night_id = 1;
        """, sealsRows: true)
    }
  }

  /// Every way to read a store, by the command that goes it.
  static func readings(_ path: String, _ space: Workspace) -> [(name: String, read: () async throws -> Void)] {
    func store() throws -> Store { try Store(path: path, access: .readOnly) }
    func all(_ value: some Printable) { for format in OutputFormat.allCases { _ = value.text(format) } }
    func trials() throws -> [TrialDetails] {
      let store = try store()
      return try store.trials().map { try store.trial(prefix: $0.key) }
    }
    func report() throws -> StudyReport {
      try StudyReport(
        of: nil, revision: nil, in: path, options: ReportOptions(gnuplot: "/no/gnuplot"), tuned: "optimizer.lr")
    }
    func export() throws -> StudyExport {
      let store = try store()
      return StudyExport(StudyCurves(of: try store.study(named: StudyChoice(nil, in: store).name), in: store))
    }
    return [
      ("list", { _ = try store().studies() }), ("list trials", { _ = try store().trials(of: "small") }),
      ("list --where", { _ = try store().trials(matching: TrialFilter("optimizer.lr<0.1 and test_loss>0")) }),
      ("status", { _ = try store().running() }), ("show", { for trial in try trials() { all(TrialPage(trial)) } }),
      (
        "show --confusion",
        {
          for trial in try trials() {
            let subject = try PictureSubject(
              trial, store: path, data: Workspace.data, gridFolder: GridFolder(space.folder.path, of: trial),
              warn: { _ in })
            var confusion = NetworkPictures.Choice()
            confusion.confusion = true
            _ = try NetworkPictures(of: subject, confusion).confusion?.text()
          }
        }
      ),
      ("report --format", { all(try report().report) }),
      ("report", { _ = try await report().withLossCurves().write(into: space.folder.appending(path: "reports")) }),
      (
        "compare",
        {
          let named = try NamedComparison(
            baseline: "main", candidate: "#small", policy: ComparisonPolicy(), storePath: path, warn: { _ in })
          all(named.comparison)
          _ = named.comparison.junit
        }
      ),
      ("export csv", { try export().writeTrialsCSV { _ in } }),
      ("export csv --curves", { try export().writeCurvesCSV { _ in } }),
      ("export json", { try export().writeJSON { _ in } }),
      ("export npz", { _ = try export().arrays() }),
      (
        "export weights",
        {
          for trial in try trials() {
            try store().prove(trial.record.key)
            _ = try StoreFolders(store: path).weights(of: trial.record) { _ in }
          }
        }
      ),
      (
        "plan",
        {
          let planned = try PlannedStudy(space.source(), storePath: path, workers: 2, timesSteps: false, detecting: 0.5)
          _ = (planned.plan.text(), planned.plan.json.prettyText, planned.detection?.text(.text))
        }
      ),
      (
        "verify",
        {
          for trial in try trials() {
            let replay = try TrialReplay(
              trial, in: store(), data: Workspace.data, gridFolder: GridFolder(space.folder.path, of: trial), threads: 1
            )
            _ = replay.changes
            try replay.checkTimes()
          }
        }
      ), ("doctor", { _ = (try store().integrityErrors(), try store().proof(), try store().trialsWithWeights()) }),
      ("baseline list", { for baseline in try store().baselines() { _ = try StudyResults(json: baseline.document) } }),
      (
        "baseline export",
        { _ = try NamedBaseline("main", in: path).fileText(replacing: nil, newAnchor: false) { _ in } }
      ),
      (
        "history",
        {
          let store = try store()
          for study in try store.studiesWithNights() {
            let history = StudyHistory(try store.nights(ofStudy: study), study: study, metrics: nil)
            all(history)
            _ = try await history.write(into: space.folder.appending(path: "nights"), gnuplot: "/no/gnuplot")
          }
        }
      ), ("baseline save", { _ = try NamedBaseline("other", in: path).save(study: nil, newAnchor: false) }),
    ]
  }

  /// What ended the process with a trap before it was an error, or a number like others.
  private static let traps = [
    "UPDATE attempt SET wall_seconds = 1e19", "UPDATE attempt SET images_per_second = 1e19",
    "UPDATE attempt SET images_per_second = NULL WHERE id = 2",
    "UPDATE attempt SET images_per_second = 9e999 WHERE id = 2", "UPDATE metric SET value = 1e19",
    "UPDATE metric SET value = 1.487e20; UPDATE batch_loss SET value = 1.487e20",
    "UPDATE metric SET value = -1 WHERE series_id IN (2, 4)", "UPDATE confusion SET counts = '[]'",
    "UPDATE confusion SET counts = '[[1,2],[3,4]]'", "UPDATE confusion SET counts = replace(counts, '],[', ',5],[')",
    "UPDATE confusion SET counts = replace(counts, ',', ',9223372036854775807')",
    "UPDATE batch_loss SET iteration = 9223372036854775807 WHERE iteration = 20",
    "UPDATE batch_loss SET iteration = -9223372036854775808 WHERE iteration = 1",
    "UPDATE metric SET iteration = 9223372036854775807 WHERE iteration = 20",
    "UPDATE attempt SET process = 2147483648, state = 'running', lease_until = 4e9",
    "UPDATE attempt SET claimed_at = 1e19, heartbeat_at = 1e19, ended_at = 1e19",
    "DELETE FROM named_configuration", "DELETE FROM configuration", "DELETE FROM revision_configuration",
    "DELETE FROM environment", "DELETE FROM run", "UPDATE trial SET iterations_per_epoch = 0",
  ]

  @Test(arguments: traps) func whatWasATrapIsAnErrorOrAResult(sql: String) async throws {
    try await Workspace.inTemporaryFolder { space in
      try await Self.prepare(space)
      let keys = try space.traceDigests().keys
      try StoreEdit(sql).apply(to: space.storePath)
      // By its key, a trial can be asked for that no list has any more.
      let byKey = { for key in keys { _ = try space.store().trial(prefix: key) } }
      for (name, read) in Self.readings(space.storePath, space) + [("show KEY", byKey)] {
        do { try await read() } catch {
          #expect(!"\(error)".contains("NSCocoa") && !(error is DatabaseError), "\(sql): \(name): \(error)")
        }
      }
    }
  }

  private static let slow: Set = ["report", "plan", "verify", "history", "baseline save"]

  @Test func everyReadingOfAnEditedStoreEnds() async throws {
    try await Workspace.inTemporaryFolder { space in
      try await Self.prepare(space)
      for (name, read) in Self.readings(space.storePath, space) {
        await #expect(throws: Never.self, "\(name)") { try await read() }
      }
      try space.meddle("DELETE FROM baseline WHERE name = 'other'")
      let environment = ProcessInfo.processInfo.environment
      let first = environment["BENCH_STORES_FROM"].flatMap { Int($0) } ?? 0
      let count = environment["BENCH_STORES"].flatMap { Int($0) } ?? 20
      var counts = (edits: 0, refused: 0, results: 0, errors: 0)
      let copy = space.folder.appending(path: ".bench/edited.db").path
      for round in first..<first + count {
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: space.storePath, toPath: copy)
        var random = SeededGenerator(seed: UInt64(round))
        let edit = try space.query { try StoreEdit(round: round, &random, $0) }
        do {
          try edit.apply(to: copy)
        } catch {
          counts.refused += 1
          continue
        }
        counts.edits += 1
        for (place, (name, read)) in Self.readings(copy, space).enumerated() {
          // What takes a tenth of a second is done with every fourth store.
          if Self.slow.contains(name), round % 4 != place % 4 { continue }
          // A trap leaves nothing but what was said before it.
          if let said = environment["BENCH_STORES_SAID"] {
            try "\(edit): \(name)\n".write(toFile: said, atomically: false, encoding: .utf8)
          }
          let begin = ContinuousClock.now
          do {
            try await read()
            counts.results += 1
          } catch {
            counts.errors += 1
            // An error of Foundation or of SQLite as it is says nothing of the store.
            #expect(!"\(error)".contains("NSCocoa") && !(error is DatabaseError), "\(edit): \(name): \(error)")
          }
          let time = ContinuousClock.now - begin
          #expect(time < .seconds(60), "\(edit): \(name) took \(time)")
        }
      }
      print(
        "edited stores: \(counts.edits) (\(counts.refused) edits refused by SQLite), \(counts.results) results, "
          + "\(counts.errors) errors")
      #expect(counts.edits > count / 2 && counts.errors > 0 && counts.results > 0)
    }
  }
}
