import Experiments
import Foundation
import GRDB
import Harness
import Presentation
import Reporting
import StudySupport
import Testing
import Tracking

/// Tags and notes that come after the training stand beside those of the grid, and change no trial.
@Suite struct AnnotatedThingTests {
  private static let grid = SmallGrid(rates: [0.1], seeds: [0, 1]).text
    .replacing("\"seeds\"", with: "\"tags\": [\"old\"], \"notes\": \"from the grid\", \"seeds\"")

  private func trained(_ body: (Workspace, _ key: String) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      try await body(space, try #require(try space.traceDigests().keys.min()))
    }
  }

  @discardableResult
  private func annotate(
    _ name: String, _ space: Workspace, tags: [String] = [], untags: [String] = [], note: String? = nil
  ) throws -> JSONValue {
    try json(AnnotatedThing(name, tags: tags, untags: untags, note: note, in: space.storePath))
  }

  @Test func aStudysTagsAndNoteStandBesideTheGrids() async throws {
    try await trained { space, key in
      let digests = try space.traceDigests()
      #expect(try annotate("small", space)["tags"] == ["old"])
      #expect(try space.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM annotation") } == 0)
      let value = try annotate("small", space, tags: ["paper", "fig 3"], note: "redo with\nmore seeds")
      #expect(value["tags"] == ["old", "paper", "fig 3"])
      #expect(value["notes"]?.string == "from the grid\nredo with\nmore seeds")
      #expect(try annotate("small", space, untags: ["old", "paper"])["tags"] == ["fig 3"])
      #expect(try annotate("small", space, tags: ["old"], note: "")["notes"]?.string == "from the grid")
      // A new revision, and the grid again, change nothing of it.
      try space.write(Self.grid.replacing("60", with: "70"), to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let record = try space.store().study(named: "small")
      #expect(record.revision == 2 && record.annotations.tags == ["old", "fig 3"])
      #expect(try space.traceDigests().filter { digests[$0.key] != nil } == digests)
      let list = try StudyList(space.store())
      #expect(try json(list).array?[0]["tags"] == ["old", "fig 3"])
      #expect(list.text(.text).contains("old, fig 3"))
      #expect(try json(StudyList(space.store(), tagged: ["fig 3", "old"])).array?.count == 1)
      #expect(try json(StudyList(space.store(), tagged: ["fig 3", "x"])).array == [])
      let page = try TrialPage(space.store().trial(prefix: record.configurations[0].trials[0].key))
      #expect(page.text(.text).contains("old, fig 3"))
      let report = try StudyReport(of: "small", revision: nil, in: space.storePath, options: ReportOptions()).report
      #expect(report.text(.md).contains("Tags: old, fig 3") && report.text(.json).contains("\"fig 3\""))
      #expect(try space.storeFaults() == [] && space.store().proof().changedRows == [])
    }
  }

  @Test func aTrialHasItsOwn() async throws {
    try await trained { space, key in
      #expect(try !TrialList(of: "small", in: space.store()).text(.text).contains("notes"))
      let value = try annotate(String(key.prefix(9)), space, tags: ["odd"], note: "<b>the disk</b> was full")
      #expect(value["trial"]?.string == key && value["tags"] == ["odd"])
      let list = try TrialList(of: "small", tagged: ["odd"], in: space.store())
      #expect(list.trials.map(\.key) == [key] && list.text(.text).contains("was full"))
      #expect(try json(list).array?[0]["notes"]?.string == "<b>the disk</b> was full")
      #expect(try TrialList(of: "small", tagged: ["odd", "old"], in: space.store()).trials.isEmpty)
      let page = try TrialPage(space.store().trial(prefix: key))
      #expect(try json(page)["tags"] == ["odd"] && page.text(.text).contains("trial's notes"))
      let report = try StudyReport(of: "small", revision: nil, in: space.storePath, options: ReportOptions()).report
      let seed = try #require(list.trials.first?.seed)
      #expect(report.text(.text).contains("lr 0.1, seed \(seed) (odd): <b>the disk</b> was full"))
      #expect(report.text(.html).contains("&lt;b&gt;the disk") && !report.text(.html).contains("<b>the disk"))
      #expect(try json(report)["annotated_trials"]?.array?[0]["trial"]?.string == key)
      let record = try space.store().study(named: "small")
      var export = ""
      try StudyExport(StudyCurves(of: record, in: space.store())).writeJSON { export += $0 }
      #expect(export.contains("\"odd\"") && export.contains("\"from the grid\""))
      // What people said of it outlives its results, and goes with the trial.
      let results = try StoreRemoval([key], in: space.storePath)
      #expect(try json(results)["parts"]?.array?[0]["annotations"] == 0)
      try results.perform(force: false)
      #expect(try space.store().trialAnnotations()[key]?.tags == ["odd"])
      #expect(try space.store().studies()[0].annotations.tags == ["old"])
      try annotate("small", space, note: "all")
      let whole = try StoreRemoval(["small"], in: space.storePath)
      #expect(try json(whole)["parts"]?.array?[0]["annotations"] == 2)
      #expect(whole.text(.text).contains("notes and tags"))
      try whole.perform(force: false)
      #expect(try space.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM annotation") } == 0)
    }
  }

  @Test func anEditedNoteIsFound() async throws {
    try await trained { space, key in
      try annotate("small", space, note: "mine")
      try space.meddle("UPDATE annotation SET note = 'yours'")
      let error = try #require(throws: StoreError.self) { try space.store().studies() }
      #expect("\(error)".contains("note on small: its tags or text are not those that its digest was made of"))
      #expect(try space.store().proof().changedRows.count == 1)
    }
  }

  @Test func aMergeTakesNotesOverWhereThereAreNone() async throws {
    try await trained { space, key in
      try annotate("small", space, tags: ["first"])
      try annotate(key, space, note: "of a trial")
      let other = space.folder.appending(path: "other.db").path
      try await space.run(store: other) { $0.keepsWeights = false }
      _ = try AnnotatedThing(key, tags: ["kept"], untags: [], note: nil, in: other)
      _ = try JobMerge.run([space.storePath], into: other)
      let store = try Store(path: other, access: .readOnly)
      #expect(try store.studies()[0].annotations.tags == ["old", "first"])
      #expect(try store.trialAnnotations()[key]?.tags == ["kept"] && store.proof().changedRows == [])
    }
  }

  @Test func mistakesAreNamed() async throws {
    try await trained { space, _ in
      for (tags, untags, note, says) in [
        ([""], [], nil, "--tag \"\": expected one line of 1 to 100 characters"),
        (["a\nb"], [], nil, "--tag \"a\\nb\": expected one line"),
        ([], ["x"], nil, "--untag \"x\": there is no such tag; there are \"old\""),
        (["x"], ["x"], nil, "--tag \"x\" is in --untag too"),
        ([], [], String(repeating: "x", count: 10_001), "--note has 10,001 characters; expected at most 10,000"),
      ] as [([String], [String], String?, String)] {
        let error = try #require(throws: UsageError.self) {
          try annotate("small", space, tags: tags, untags: untags, note: note)
        }
        #expect(error.description.hasPrefix(says), "\(error)")
      }
      let revision = try #require(throws: UsageError.self) { try annotate("small@1", space, tags: ["x"]) }
      #expect(revision.description.contains("belong to all revisions"))
    }
  }
}
