import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// Names, titles, machines and nights that were changed behind the program's back are an error that names the place.
@Suite final class RowProofTests: RegisteredStore {
  override init() throws {
    try super.init()
    let attempt = try #require(try store.claim(sample.key(1, 2), for: run))
    try store.record(attempt, events: [.evaluation(Sample.evaluation(2, accuracy: 0.5))])
    try store.finish(attempt, result: Sample.result(iterations: 2))
    let value = Night.Value(metric: "test_accuracy", mean: 0.5, standardDeviation: nil, count: 1)
    try store.saveNight(
      Night(
        recordedAt: 86_400, study: "sample", revision: 1, commit: "abc", machine: Machine(Sample.environment),
        numerics: 2, baseline: "main", verdict: "fine",
        configurations: [.init(hash: "one", label: "Model A", values: [value])]))
  }

  private func meddle(_ sql: String) throws { try store.write { try $0.execute(sql: sql) } }

  /// Every way to what the rows say.
  private func read() throws {
    for study in try store.studies() { _ = try store.study(named: study.name) }
    for study in try store.studiesWithNights() { _ = try store.nights(ofStudy: study) }
  }

  private func expectFault(_ place: String, _ change: String, _ read: () throws -> Void) {
    guard case .damaged(folder.store, let reason)? = #expect(throws: StoreError.self, "\(change)", performing: read)
    else {
      Issue.record("\(change): another error")
      return
    }
    #expect(reason.hasPrefix(place) && reason.contains("not those that its digest was made of"), "\(reason)")
  }

  @Test(arguments: [
    ("UPDATE named_configuration SET label = 'Model C' WHERE label = 'Model A'", "configuration Model C: its label"),
    (
      #"UPDATE named_configuration SET stored = replace(stored, '"0"', '"O"') WHERE label = 'Model B'"#,
      "configuration Model B: its label or settings"
    ),
    ("UPDATE configuration SET parameters = parameters + 1 WHERE id = 1", "configuration Model A"),
    ("UPDATE named_configuration SET proof = NULL WHERE id = 2", "configuration Model B"),
    ("UPDATE study SET name = 'sanple'", "study sanple, revision 1"),
    ("UPDATE revision SET title = 'A simple'", "study sample, revision 1: its name, title"),
    ("UPDATE revision SET axes = replace(axes, 'lr', 'Lr')", "study sample, revision 1"),
    ("UPDATE revision SET grid = '{ }'", "study sample, revision 1"),
    ("UPDATE revision SET created_at = created_at + 1", "study sample, revision 1"),
    ("UPDATE revision SET number = 2", "study sample, revision 2"),
    ("UPDATE trial SET seed = 9 WHERE id = 5", "study sample, revision 1"),
    ("UPDATE dataset SET digest = 'd2'", "study sample, revision 1"),
    ("DELETE FROM revision_trial WHERE place = 2", "study sample, revision 1"),
    ("UPDATE revision_configuration SET named_configuration_id = 1", "study sample, revision 1"),
    ("UPDATE environment SET cpu = 'C'", "machine h: its name, processor"),
    ("UPDATE environment SET memory_bytes = 7", "machine h"),
    ("UPDATE source SET branch = 'Main'", "source code abc: its commit"),
    ("UPDATE source SET diff = NULL", "source code abc"),
    ("UPDATE night SET verdict = 'Fine'", "night 1 of study sample: its moment"),
    ("UPDATE night SET recorded_at = recorded_at + 1", "night 1 of study sample"),
    ("UPDATE night_value SET mean = 0.25", "night 1 of study sample"),
    ("DELETE FROM night_value", "night 1 of study sample"),
  ]) func aChangedRowIsAnErrorThatNamesIt(change: String, place: String) throws {
    try read()
    #expect(try store.proof().changedRows == [])
    try meddle(change)
    expectFault(place, change, read)
    let rows = try store.proof().changedRows
    #expect(rows.contains { $0.hasPrefix(place) }, "\(rows)")
    try store.write(Store.sealRows)
    #expect(try store.proof().changedRows == [])
  }

  @Test func aListAndATrialsPageSeeAChangedLabel() throws {
    _ = (try store.trials(), try store.trial(prefix: sample.key(0, 0)))
    try meddle("UPDATE named_configuration SET label = 'Model C' WHERE label = 'Model A'")
    expectFault("configuration Model C", "list") { _ = try store.trials() }
    expectFault("configuration Model C", "page") { _ = try store.trial(prefix: sample.key(0, 0)) }
    _ = try store.trial(prefix: sample.key(1, 0))
  }

  @Test func registeringWritesNamesAndProofsAnew() throws {
    try meddle("UPDATE revision SET title = 'A simple'; UPDATE environment SET proof = 'x'")
    #expect(throws: StoreError.self) { try read() }
    #expect(try !sample.register(in: store).isNewRevision)
    #expect(try store.study(named: "sample").title == "A sample")
    var other = sample
    other.study.title = "Another"
    #expect(try !other.register(in: store).isNewRevision)
    #expect(try store.study(named: "sample").title == "Another")
    try meddle("UPDATE named_configuration SET label = 'Model C' WHERE label = 'Model A'")
    #expect(try sample.register(in: store).isNewRevision)
    #expect(try store.study(named: "sample").configurations.map(\.configuration.label) == ["Model A", "Model B"])
  }
}
