import Experiments
import GRDB
import Testing

@testable import Tracking

@Suite struct RegistrationTests {
  let folder: Folder
  let store: Store

  init() throws {
    folder = try Folder()
    store = try Store(path: folder.store, access: .readWrite)
  }

  @Test func sameGridKeepsItsRevision() throws {
    let first = try Sample().register(in: store)
    var sample = Sample()
    sample.study.title = "Another title"
    let second = try sample.register(in: store)
    #expect((first.revision, first.isNewRevision) == (1, true))
    #expect((second.revision, second.isNewRevision) == (1, false))
    #expect(try store.study(named: "sample").title == "Another title")
    #expect(try store.rows("SELECT count(*) FROM run") == [[2.databaseValue]])
    #expect(try store.rows("SELECT count(*) FROM environment") == [[1.databaseValue]])
  }

  @Test(arguments: [
    Sample(labels: ["Model A", "Other"]), Sample(labels: ["Model A"]), Sample(seeds: [0, 1]), Sample(seeds: [2, 1, 0]),
    Sample(labels: ["Model B", "Model A"]),
  ])
  func otherTrialsOrLabelsMakeARevision(other: Sample) throws {
    try Sample().register(in: store)
    let run = try other.register(in: store)
    #expect((run.revision, run.isNewRevision) == (2, true))
    #expect(try store.studies().map(\.trials) == [other.identity.keys.count])
    let count = try store.rows("SELECT count(*) FROM trials")
    #expect(count == [[other.identity.keys.count.databaseValue]])
    #expect(try store.study(named: "sample", revision: 1).configurations.flatMap(\.trials).count == 6)
    #expect(
      try store.study(named: "sample").configurations.map(\.configuration.trainable) == other.study.configurations)
  }

  @Test func identityIsThatOfExperiments() throws {
    let study = Sample().study
    let identity = StudyIdentity(of: study) { _ in "digest" }
    #expect(
      identity.keys
        == study.trials.map {
          Trial.key(
            configurationHash: $0.configuration.resolved.hash, seed: $0.seed, dataDigest: "digest")
        })
    #expect(identity.configurations.map(\.hash) == study.configurations.map(\.resolved.hash))
  }

  @Test func otherSettingsAloneAreTakenOver() throws {
    try Sample().register(in: store)
    var sample = Sample()
    sample.study.configurations[1].settings = [Setting(path: "optimizer.lr", value: "two")]
    #expect(try sample.register(in: store).isNewRevision == false)
    #expect(try store.study(named: "sample").configurations[1].configuration.settings.map(\.value) == ["two"])
  }

  @Test func studiesShareTheirTrials() throws {
    let run = try Sample(name: "one").register(in: store)
    try Sample(name: "two").register(in: store)
    let key = Sample().key(0, 0)
    try store.finish(try #require(try store.claim(key, for: run)), result: Sample.result())
    #expect(try store.study(named: "two").configurations[0].trials[0].state == .done)
    #expect(try store.rows("SELECT study FROM trials WHERE state = 'done' ORDER BY study").count == 2)
    #expect(try Set(store.trial(prefix: key).studies.map(\.study)) == ["one", "two"])
  }

  @Test(arguments: [
    "quotes \" ' `", "new\nline\ttab\r", "$(rm -rf ~)", "../../etc", "<script>alert(1)</script>",
    "'; DROP TABLE study;--",
    "ünïcode 🧪 \u{202E}rtl", "%s %d ?1 :a @b $c", String(repeating: "x", count: 300),
  ])
  func namesOfPeoplesOwnChoosingSurvive(name: String) throws {
    let run = try Sample(name: name, labels: [name, "other"]).register(in: store)
    #expect(run.study == name)
    let record = try store.study(named: name)
    #expect(record.name == name)
    #expect(record.configurations[0].configuration.label == name)
    #expect(
      try store.rows("SELECT DISTINCT study, label FROM trials WHERE label = study") == [
        [name.databaseValue, name.databaseValue]
      ])
  }

  @Test(arguments: ["", "a\0b"])
  func namesThatCannotBeStoredAreRefused(name: String) {
    #expect(throws: StoreError.invalidName(name)) { try Sample(name: name).register(in: store) }
    #expect(throws: StoreError.invalidName(name)) { try Sample(labels: [name]).register(in: store) }
  }

  @Test func doubleLabelsAreRefused() {
    #expect(throws: StoreError.doubleLabel("a")) { try Sample(labels: ["a", "a"]).register(in: store) }
  }

  @Test func largeSeedsSurvive() throws {
    try Sample(labels: ["a"], seeds: [0, .max, 1 << 63]).register(in: store)
    #expect(try store.study(named: "sample").configurations[0].trials.map(\.seed) == [0, .max, 1 << 63])
    let seeds = try store.rows("SELECT CAST(seed AS TEXT) FROM trials ORDER BY trial")
    #expect(Set(seeds.map { String.fromDatabaseValue($0[0]) }) == ["0", "18446744073709551615", "9223372036854775808"])
  }
}
