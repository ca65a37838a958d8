import Experiments
import Foundation
import GRDB
import Harness
import Reporting
import StudySupport
import Testing
import Tracking

/// Numbers that were changed behind the program's back are an error that names them, never a result.
@Suite struct ProofTests {
  /// Trial 2 is the one of seed 1 with the first rate.
  static let changes = [
    "UPDATE metric SET value = value - 0.4 WHERE series_id = 4 AND trial_id = 2",
    "DELETE FROM metric WHERE trial_id = 2",
    "DELETE FROM metric WHERE trial_id = 2 AND iteration = 60",
    "UPDATE attempt SET trace_digest = NULL WHERE trial_id = 2",
    "UPDATE attempt SET trace_digest = printf('%064d', 1) WHERE trial_id = 2",
    "UPDATE attempt SET wall_seconds = wall_seconds + 1 WHERE trial_id = 2",
    "UPDATE attempt SET state = 'diverged', diverged_at = 60 WHERE trial_id = 2",
    "UPDATE confusion SET counts = replace(counts, '0', '1') WHERE attempt_id = 2",
    "UPDATE trial SET attempt_id = 3 WHERE id = 2",
  ]

  private func trained(_ change: (inout RunSettings) -> Void = { _ in }, _ body: (Workspace) async throws -> Void)
    async throws
  {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      try await space.run {
        ($0.workers, $0.keepsWeights) = (1, false)
        change(&$0)
      }
      try await body(space)
    }
  }

  private func health(_ space: Workspace) async -> CheckResult? {
    HealthCheck(store: space.storePath, data: Workspace.data).results { _ in }.first { $0.check == "store" }
  }

  /// Every way to a study's numbers.
  private func readings(_ space: Workspace) throws -> [(name: String, read: () throws -> Void)] {
    let store = try space.store()
    return [
      ("study", { _ = try store.study(named: "small") }),
      (
        "comparison",
        { _ = try CompareSource(defaultStore: space.storePath) { _ in }.results("#small") }
      ),
    ]
  }

  private func expectRefusal(_ said: String, of name: String) {
    for part in ["bench.db", "study small", "lr 0.1", "seed 1", "--rerun"] {
      #expect(said.contains(part), "\(name): \(part) in \(said)")
    }
  }

  private func expectRefusals(_ space: Workspace) async throws {
    for (name, read) in try readings(space) {
      let error = try #require(throws: StoreError.self, "\(name)") { try read() }
      expectRefusal("\(error)", of: name)
    }
    let check = try #require(await health(space))
    #expect(check.state == .bad)
    expectRefusal(check.found, of: "health check")
  }

  @Test(arguments: changes) func aChangedResultIsAnError(change: String) async throws {
    try await trained { space in
      try space.meddle(change)
      try await expectRefusals(space)
    }
  }

  @Test func changedLossesAreAnErrorWhereTheyAreRead() async throws {
    try await trained { space in
      try space.meddle("UPDATE batch_loss SET value = value + 1e-6 WHERE iteration = 17 AND trial_id = 2")
      let store = try space.store()
      let record = try store.study(named: "small")
      let export = StudyExport(StudyCurves(of: record, in: store))
      let readings: [(String, () throws -> Void)] = [
        (
          "report",
          {
            var record = record
            try store.addLossCurves(to: &record, points: 10, ofLabels: ["lr 0.1", "lr 0.05"])
          }
        ), ("csv", { try export.writeCurvesCSV { _ in } }), ("npz", { _ = try export.arrays() }),
      ]
      for (name, read) in readings {
        let error = try #require(throws: StoreError.self, "\(name)") { try read() }
        expectRefusal("\(error)", of: name)
      }
      try space.meddle("DELETE FROM batch_loss WHERE iteration > 57 AND trial_id = 2")
      #expect(try #require(await health(space)).found.contains("57 of its 60 losses are stored"))
    }
  }

  @Test func theHealthCheckListsAllOfThem() async throws {
    try await trained { space in
      #expect(try #require(await health(space)).found.contains("whose numbers fit their digests"))
      try space.meddle("UPDATE metric SET value = value / 2 WHERE trial_id IN (2, 3) AND series_id = 4")
      try space.meddle("UPDATE batch_loss SET value = NULL WHERE trial_id = 5 AND iteration = 1")
      let check = try #require(await health(space))
      #expect(check.state == .bad)
      for part in ["3 trials are not what was stored", "lr 0.1, seed 1", "lr 0.1, seed 2", "lr 0.05, seed 1"] {
        #expect(check.found.contains(part), "\(part) in \(check.found)")
      }
    }
  }

  /// What `list` and `status` show is a table of its own.
  @Test(arguments: [
    "UPDATE summary SET test_accuracy = 0.99 WHERE trial_id = 2",
    "UPDATE summary SET iteration = 50 WHERE trial_id = 2",
    "DELETE FROM summary WHERE trial_id = 2",
  ]) func aChangedSummaryIsAnError(change: String) async throws {
    try await trained { space in
      #expect(throws: Never.self) { try space.store().trials() }
      try space.meddle(change)
      let error = try #require(throws: StoreError.self) { try space.store().trials() }
      guard case .damaged(_, let reason) = error else { return #expect(Bool(false), "\(error)") }
      #expect(reason.contains("summary"), "\(reason)")
      #expect(try #require(await health(space)).found.contains("its summary, which bench list shows"))
    }
  }

  @Test func theHealthCheckSeesAnotherBest() async throws {
    try await trained { space in
      try space.meddle("UPDATE summary SET best_test_accuracy = 0.99 WHERE trial_id = 2")
      #expect(try #require(await health(space)).found.contains("its summary, which bench list shows"))
    }
  }

  @Test(
    arguments: [
      #"replace(stored, '"lr":0.1', '"lr":0.2')"#, #"replace(stored, '"train":', '"train":-')"#, "''", "'{}'",
      "substr(stored, 9)",
    ], [false, true]) func anotherStoredConfigurationIsAnError(change: String, sealsRows: Bool) async throws
  {
    try await trained { space in
      try space.meddle("UPDATE named_configuration SET stored = \(change) WHERE id = 1", sealsRows: sealsRows)
      let key = try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial WHERE id = 1") ?? "" }
      for read in [{ _ = try space.store().study(named: "small") }, { _ = try space.store().trial(prefix: key) }] {
        let error = try #require(throws: StoreError.self) { try read() }
        guard case .damaged(_, let reason) = error else { return #expect(Bool(false), "\(error)") }
        #expect(reason.contains("configuration") && !reason.contains("SyntaxError"), "\(reason)")
      }
    }
  }

  @Test func theHealthCheckNamesAChangedName() async throws {
    try await trained { space in
      try space.meddle("UPDATE revision SET title = 'other'; UPDATE environment SET host = 'elsewhere'")
      let check = try #require(await health(space))
      #expect(check.state == .bad && check.values[.badTrials] == 0)
      for part in ["names or descriptions are not what was stored", "study small, revision 1: ", "machine elsewhere: "]
      {
        #expect(check.found.contains(part), "\(part) in \(check.found)")
      }
    }
  }

  /// Trials of which another library's kernels made the first half say so, as an older program allowed it.
  @Test func anotherMatrixLibraryIsACaveat() async throws {
    try await trained { space in
      #expect(try !Report(space.store().study(named: "small")).text(.text).contains("kinds of BLAS"))
      try space.meddle(
        """
        INSERT INTO environment (id, host, cpu, cores, memory_bytes, os, swift, blas, program, workers)
          SELECT 99, host, cpu, cores, memory_bytes, os, swift, 'OpenBLAS 9 on Foo', program, workers
          FROM environment WHERE id = 1;
        INSERT INTO run SELECT 99, revision_id, 99, source_id, command_line, started_at FROM run WHERE id = 1;
        UPDATE attempt SET run_id = 99 WHERE trial_id = 1;
        """, sealsRows: true)
      let record = try space.store().study(named: "small")
      #expect(record.libraries.names.count == 2 && record.libraries.mixedTrials == 0)
      let text = Report(record).text(.json)
      #expect(text.contains("Trials ran with 2 kinds of BLAS") && text.contains("OpenBLAS 9 on Foo"), "\(text)")
      try space.meddle("UPDATE attempt SET number = 2, resumed_from = 10, result_digest = NULL WHERE trial_id = 2")
      try space.meddle(
        """
        INSERT INTO attempt (trial_id, number, run_id, state, host, process, process_start, boot, process_namespace,
          claimed_at, heartbeat_at, lease_until, resumed_from, recorded)
        SELECT trial_id, 1, 99, 'stale', host, process, process_start, boot, process_namespace, claimed_at, heartbeat_at,
          lease_until, 0, 10 FROM attempt WHERE trial_id = 2;
        """)
      #expect(try space.store().study(named: "small").libraries.mixedTrials == 1)
    }
  }

  /// Where only some of the losses are kept, the scores prove themselves all the same.
  @Test func thinnedLossesAreNoHindrance() async throws {
    try await trained({ $0.lossInterval = 7 }) { space in
      for (name, read) in try readings(space) { #expect(throws: Never.self, "\(name)") { try read() } }
      let store = try space.store()
      let record = try store.study(named: "small")
      #expect(throws: Never.self) { try StudyExport(StudyCurves(of: record, in: store)).writeCurvesCSV { _ in } }
      #expect(await health(space)?.state == .good)
      try space.meddle(Self.changes[0])
      try await expectRefusals(space)
    }
  }

  /// Older programs stored a trace digest alone.
  @Test func aTrialOfAnOlderProgramIsProvenByItsTrace() async throws {
    try await trained { space in
      try space.meddle("UPDATE attempt SET result_digest = NULL")
      for (name, read) in try readings(space) { #expect(throws: Never.self, "\(name)") { try read() } }
      #expect(await health(space)?.state == .good)
      try space.meddle(Self.changes[0])
      try await expectRefusals(space)
    }
  }
}
