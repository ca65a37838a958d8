import Experiments
import Foundation
import GRDB
import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// What leaves a store leaves it whole, and nothing else leaves with it.
@Suite struct StoreRemovalTests {
  /// Two studies of which the second has a trial of the first's, and one more revision of the first.
  private func trained(_ body: (Workspace) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1, 0.05], seeds: [0, 1]).text, to: "g.json")
      try await space.run()
      try space.write(SmallGrid(name: "other", rates: [0.1], seeds: [0, 7]).text, to: "o.json")
      try await space.run("o.json")
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1]).text, to: "g.json")
      try await space.run()
      try await body(space)
    }
  }

  private func remove(_ words: [String], in space: Workspace, force: Bool = false) throws {
    try StoreRemoval(words, in: space.storePath).perform(force: force)
    #expect(try space.storeFaults() == [])
    let proof = try space.store().proof()
    #expect(proof.unproven.isEmpty && proof.changedRows.isEmpty)
    #expect(try StoreSweep(store: space.storePath).files == 0, "no file is left that no row names")
    #expect(try space.weights().count == space.weightFiles.count)
  }

  private func count(_ table: String, in space: Workspace) throws -> Int {
    try space.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  @Test func aStudyGoesWithAllThatIsItsOwn() async throws {
    try await trained { space in
      let kept = try space.measurements().filter { line in
        try space.query {
          try String.fetchAll($0, sql: "SELECT trial FROM trials WHERE study = 'other'").contains { line.hasPrefix($0) }
        }
      }
      let plan = try json(StoreRemoval(["small"], in: space.storePath))
      let parts = try #require(plan["parts"]?.array)
      #expect(parts.map { $0["revision"]?.int } == [1, 2])
      #expect(parts.map { $0["trials"]?.int } == [3, 0], "a trial is told of once")
      #expect(parts.map { $0["shared_trials"]?.int } == [1, 1])
      #expect(parts[0]["weight_files"]?.int == 3 && (parts[0]["file_bytes"]?.int ?? 0) > 10_000)
      #expect(parts[0]["curve_values"]?.int == 3 * (60 + 2 * 3))
      #expect(space.weightFiles.count == 5, "looking changes nothing")
      try remove(["small"], in: space)
      #expect(try space.store().studies().map(\.name) == ["other"])
      #expect(try space.states() == ["done": 2] && count("trial", in: space) == 2)
      #expect(try space.measurements() == kept && !kept.isEmpty)
      #expect(space.weightFiles.count == 2)
      for table in ["revision", "named_configuration", "configuration", "dataset"] {
        #expect(try count(table, in: space) == 1, "\(table)")
      }
      // The trial that both have was trained by a command of the study that is gone.
      #expect(try count("run", in: space) == 2)
      let record = try space.store().study(named: "other")
      #expect(record.configurations[0].trials.allSatisfy { $0.machine != nil })
      try await space.run("o.json")
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1]).text, to: "g.json")
      try await space.run()
      #expect(try space.store().studies().first { $0.name == "small" }?.revision == 1)
    }
  }

  @Test func aRevisionGoesAlone() async throws {
    try await trained { space in
      try remove(["small@1"], in: space)
      #expect(try space.states() == ["done": 4], "two of each study")
      #expect(try count("trial", in: space) == 3)
      let error = try #require(throws: StoreError.self) { try space.store().study(named: "small", revision: 1) }
      #expect("\(error)" == "study \"small\" has no revision 1; expected 2: others were removed.")
      try space.write(SmallGrid(rates: [0.02], seeds: [0]).text, to: "g.json")
      #expect(try await space.run().record.revision == 3, "numbers go on")
    }
    try await trained { space in
      try remove(["small@2"], in: space)
      #expect(try space.store().study(named: "small").configurations.count == 2)
      #expect(try count("trial", in: space) == 5 && count("run", in: space) == 2)
    }
  }

  @Test func aMergedRevisionTakesNoRemovedNumber() async throws {
    try await trained { space in
      try remove(["small@1"], in: space)
      let other = space.folder.appending(path: "other.db").path
      try space.write(SmallGrid(rates: [0.3], seeds: [5]).text, to: "g.json")
      try await space.run(store: other)
      _ = try JobMerge.run([other], into: space.storePath)
      #expect(try space.store().revisions(ofStudy: "small") == [2, 3])
    }
  }

  @Test func aTrialLosesItsResultsAndKeepsItsPlace() async throws {
    try await trained { space in
      let key = try #require(try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial WHERE seed = 1") })
      let before = try (traces: space.traceDigests(), rows: space.measurements(), weights: space.weights())
      try remove([String(key.prefix(10))], in: space)
      #expect(try space.store().states(of: [key]) == [key: .planned])
      #expect(try space.measurements() == before.rows.filter { !$0.hasPrefix(key) })
      #expect(try space.weights() == before.weights.filter { $0.key != key })
      try await space.run()
      #expect(try space.traceDigests() == before.traces && space.measurements() == before.rows)
      #expect(try space.weights() == before.weights)
    }
  }

  @Test func aBaselinesStudyAndNightsStay() async throws {
    try await trained { space in
      _ = try NamedBaseline("base", in: space.storePath).save(study: "small", newAnchor: false)
      let store = try Store(path: space.storePath, access: .readWrite)
      try store.saveNight(
        Night(
          results: CompareSource(defaultStore: space.storePath, warn: { _ in }).results("base"), recordedAt: 1,
          numerics: nil, baseline: "base", verdict: "fine"))
      try store.close()
      let before = try space.measurements()
      let key = try #require(try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial WHERE seed = 1") })
      for word in ["small", "small@2", key] {
        let removal = try StoreRemoval([word], in: space.storePath)
        let error = try #require(throws: OperationalError.self) { try removal.perform(force: false) }
        #expect(
          "\(error)" == "baseline base was saved of study small, revision 2; --force removes the study all the same, "
            + "and the baseline keeps its numbers")
        #expect(removal.obstacles(force: false) == ["\(error)"] && removal.obstacles(force: true) == [])
      }
      #expect(try space.measurements() == before)
      try remove(["small@1"], in: space)
      try remove(["small"], in: space, force: true)
      #expect(try space.store().baselines().map(\.name) == ["base"])
      #expect(try space.store().nights(ofStudy: "small").count == 1)
    }
  }

  @Test func nothingGoesUnderARunThatHoldsAClaim() async throws {
    try await trained { space in
      let store = try Store(path: space.storePath, access: .readWrite)
      let key = try #require(try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial WHERE seed = 7") })
      let run = try space.start("o.json").run
      let attempt = try #require(try store.claim(key, for: run, again: [.done]))
      let before = try space.measurements()
      for word in ["other", key] {
        let removal = try StoreRemoval([word], in: space.storePath)
        let error = try #require(throws: OperationalError.self) { try removal.perform(force: true) }
        #expect(
          "\(error)" == "process \(Owner.current.process) on \(Owner.current.host) is at work on trial "
            + "\(key.prefix(12)) of study other; wait for it, or stop it")
      }
      let sweep = try StoreSweep(store: space.storePath)
      let error = try #require(throws: OperationalError.self) { try sweep.perform() }
      #expect("\(error)" == sweep.obstacle && "\(error)".hasPrefix("study other is at work: process "))
      #expect(try space.measurements() == before)
      try remove(["small@1"], in: space)
      try store.cancel(attempt)
      try store.close()
      try remove(["other"], in: space)
    }
  }

  /// A process that is stopped for longer than its lease goes on one day, and writes then.
  @Test func nothingGoesUnderAProcessThatIsSuspended() async throws {
    try await trained { space in
      let store = try Store(path: space.storePath, access: .readWrite)
      let key = try #require(try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial WHERE seed = 7") })
      let run = try space.start("o.json").run
      // As an attempt that was to replace a result, which is not the trial's latest.
      let attempt = try #require(try store.claim(key, for: run, leaseSeconds: -5, again: [.done]))
      let before = try space.measurements()
      let removal = try StoreRemoval(["other"], in: space.storePath)
      let error = try #require(throws: OperationalError.self) { try removal.perform(force: true) }
      let says =
        "process \(Owner.current.process) on \(Owner.current.host) is at work on trial \(key.prefix(12)) of study other "
        + "and has not been heard of for "
      #expect("\(error)".hasPrefix(says) && "\(error)".hasSuffix(", as if it were suspended; wait for it, or stop it"))
      #expect(throws: OperationalError.self) { try StoreSweep(store: space.storePath).perform() }
      #expect(try space.measurements() == before)
      // It was killed.
      try space.meddle("UPDATE attempt SET process = 2147483647 WHERE state = 'running'")
      try remove(["other"], in: space)
      #expect(throws: StoreError.claimLost(trial: key)) { try store.cancel(attempt) }
      try store.close()
    }
  }

  @Test func onlyWhatWasShownGoes() async throws {
    try await trained { space in
      let shown = try StoreRemoval(["small"], in: space.storePath)
      try space.write(SmallGrid(rates: [0.02], seeds: [0]).text, to: "g.json")
      try await space.run()
      let before = try space.measurements()
      let error = try #require(throws: OperationalError.self) { try shown.perform(force: false) }
      #expect("\(error)" == "what is to be removed has changed since it was shown; nothing was removed: look again")
      #expect(try space.measurements() == before)
      try remove(["small"], in: space)
    }
  }

  /// Baselines and nights name revisions by their numbers.
  @Test func numbersThatAreNamedAreNotUsedAgain() async throws {
    try await trained { space in
      _ = try NamedBaseline("base", in: space.storePath).save(study: "small", newAnchor: false)
      let store = try Store(path: space.storePath, access: .readWrite)
      var night = Night(
        results: try CompareSource(defaultStore: space.storePath, warn: { _ in }).results("base"), recordedAt: 1,
        numerics: nil, baseline: "base", verdict: "fine")
      (night.study, night.revision) = ("other", 4)
      try store.saveNight(night)
      try store.close()
      try remove(["small@2"], in: space, force: true)
      #expect(try await space.run().record.revision == 3)
      try remove(["small"], in: space, force: true)
      #expect(try await space.run().record.revision == 3)
      try remove(["other"], in: space)
      #expect(try await space.run("o.json").record.revision == 5)
    }
  }

  /// Killed between the rows and the files.
  @Test func aCheckpointThatIsLeftIsFound() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0], iterations: 600).text, to: "g.json")
      _ = try await space.stopInTheMiddle { $0.checkpointInterval = .iterations(50) }
      let key = try #require(try space.query { try String.fetchOne($0, sql: "SELECT key FROM trial") })
      let file = space.checkpoints.appending(path: "\(key).checkpoint")
      let bytes = try Data(contentsOf: file)
      try StoreRemoval([key], in: space.storePath).perform(force: false)
      try bytes.write(to: file)
      #expect(try StoreSweep(store: space.storePath).files == 1)
      _ = try StoreSweep(store: space.storePath).perform()
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
  }

  @Test func whatIsNotThereIsNamed() async throws {
    try await trained { space in
      for (word, says) in [
        ("smal", "there is no study \"smal\" in the store; expected one of \"other\", \"small\"."),
        ("small@4", "study \"small\" has no revision 4; expected 1 to 2."),
      ] {
        let error = try #require(throws: StoreError.self) { try StoreRemoval([word], in: space.storePath) }
        #expect("\(error)" == says)
      }
    }
  }

  @Test func aNameWithAnAtSignIsAName() async throws {
    try await Workspace.inTemporaryFolder { space in
      for name in ["a", "a@1"] {
        try space.write(SmallGrid(name: name, rates: [0.1], seeds: [name.count]).text, to: "g.json")
        try await space.run()
      }
      try remove(["a@1"], in: space)
      #expect(try space.store().studies().map(\.name) == ["a"])
    }
  }

  @Test(arguments: OutputFormat.allCases) func everyFormatTellsWhatGoes(format: OutputFormat) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(name: "<b>|x", rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run()
      let key = try #require(try space.traceDigests().keys.first)
      let text = try StoreRemoval(["<b>|x", key], in: space.storePath).text(format)
      #expect(text.contains(format == .html || format == .md ? "&lt;b&gt;" : "<b>|x") && text.contains("66"), "\(text)")
    }
  }
}
