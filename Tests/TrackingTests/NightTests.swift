import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

@Suite struct NightTests {
  let folder: Folder
  let store: Store

  init() throws {
    folder = try Folder()
    store = try Store(path: folder.store, access: .readWrite)
  }

  private static let machine = Machine(host: "h\"'", cpu: "EPYC", cores: 2, workers: 3, program: "0.1.0 (debug)")

  private func night(
    _ day: Double, study: String = "sample", accuracy: Double = 0.5, seconds: Double? = nil,
    baseline: String = "main", machine: Machine? = machine
  ) -> Night {
    var values = [Night.Value(metric: "test_accuracy", mean: accuracy, standardDeviation: 0.25, count: 3)]
    if let seconds { values.append(.init(metric: "wall_seconds", mean: seconds, standardDeviation: nil, count: 1)) }
    return Night(
      recordedAt: day * 86_400, study: study, revision: 2, commit: "abc+", machine: machine, numerics: 4,
      baseline: baseline, verdict: "fine",
      configurations: [
        .init(hash: "one", label: "'; DROP TABLE night; --", values: values),
        .init(hash: "two", label: "Model B", values: values),
      ])
  }

  @Test func nightsComeBackOldestFirst() throws {
    var rest = night(1, machine: nil)
    (rest.commit, rest.numerics) = (nil, nil)
    for night in [night(3), night(2, study: "other"), rest] { try store.saveNight(night) }
    #expect(try store.nights(ofStudy: "sample") == [rest, night(3)])
    #expect(try store.nights(ofStudy: "other") == [night(2, study: "other")])
    #expect(try store.nights(ofStudy: "unknown").isEmpty)
    #expect(try store.studiesWithNights() == ["sample", "other"])
    #expect(try store.integrityErrors().isEmpty)
  }

  @Test func valuesThatAreNotFiniteSurvive() throws {
    try store.saveNight(night(1, accuracy: .nan))
    try store.saveNight(night(2, accuracy: .infinity))
    let means = try store.nights(ofStudy: "sample").map { $0.configurations[0].values[0].mean }
    #expect(means[0].isNaN && means[1] == .infinity)
  }

  @Test func theSameResultsRecordedAgainAreOneNight() throws {
    try store.saveNight(night(1, seconds: 1.5))
    try store.saveNight(night(2, seconds: 1.25))
    try store.saveNight(night(2.1, seconds: 1.25, baseline: "release"))
    #expect(try store.nights(ofStudy: "sample").map(\.baseline) == ["main", "release"])
    #expect(try store.nights(ofStudy: "sample").map(\.recordedAt) == [86_400, 2.1 * 86_400])
    // Without times nothing tells a second night with the same scores from the first.
    for day in [3.0, 4.0] { try store.saveNight(night(day)) }
    #expect(try store.nights(ofStudy: "sample").count == 4)
    #expect(try store.rows("SELECT count(*) FROM night_value") == [[(4 + 4 + 2 + 2).databaseValue]])
  }

  @Test func theFirstBaselineOfANameStaysItsAnchor() throws {
    func save(_ document: String, study: String = "sample", newAnchor: Bool = false) throws -> Baseline {
      try store.saveBaseline(named: "main", study: study, revision: 1, document: document, newAnchor: newAnchor)
      return try store.baseline(named: "main")
    }
    let first = try save("1")
    #expect(first.anchor == nil && first.anchorCreatedAt == nil)
    for document in ["2", "3"] {
      let later = try save(document)
      #expect((later.document, later.anchor, later.anchorCreatedAt) == (document, "1", first.createdAt))
    }
    let renewed = try save("4", newAnchor: true)
    #expect(renewed.anchor == nil && renewed.anchorCreatedAt == nil)
    #expect(try save("5").anchor == "4")
    #expect(try save("6", study: "other").anchor == nil)
    _ = try save("7", study: "other")
    try store.removeBaseline(named: "main")
    #expect(try save("8", study: "other").anchor == nil)
  }
}
