import Experiments
import GRDB
import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// The lists of studies and trials: a few columns for people, everything for programs.
@Suite struct ListTests {
  private func trained(_ body: (Workspace) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(seeds: [0, 1]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      try await body(space)
    }
  }

  private func names(_ csv: String) -> [String]? {
    csv.split(separator: "\n").first?.split(separator: ",").map(String.init)
  }

  @Test func trialsHaveTheColumnsOfTheViewWhicheverStudyIsAskedFor() async throws {
    try await trained { space in
      let view = try space.query { try Row.fetchAll($0, sql: "SELECT * FROM trials") }
      let columns = Array(try #require(view.first).columnNames)
      for study in [nil, "small"] {
        let list = try TrialList(of: study, in: space.store())
        let found = try #require(names(list.text(.csv)))
        #expect(Set(columns).subtracting(found).isEmpty)
        #expect(Set(found).subtracting(columns) == ["planned_iterations", "tags", "notes"])
        let trials = try #require(json(list).array)
        #expect(trials.count == 4 && trials.count == view.count)
        for (trial, row) in zip(trials, view) {
          guard case .object(let members) = trial else { throw Unexpected() }
          #expect(members.map(\.key) == found, "JSON and CSV have the same names in the same order")
          #expect(trial["planned_iterations"]?.int == 60)
          for name in ["best_iteration", "parameters"] { #expect(trial[name]?.int == row[name] as Int?, "\(name)") }
          for name in ["cpu_seconds", "wall_seconds", "test_accuracy", "images_per_second"] {
            #expect(trial[name]?.double == row[name] as Double?, "\(name)")
          }
        }
        #expect(list.text(.text).hasPrefix("study") == (study == nil), "people see it where it may differ")
        #expect(!list.text(.md).contains("cpu_seconds"))
      }
      let fast = try TrialList(where: "cpu_seconds>=0 and best_iteration>0", in: space.store())
      #expect(fast.trials.count == 4, "the filter knows all columns too")
    }
  }

  @Test func studiesAreAnArrayWithTheirStates() async throws {
    try await trained { space in
      let list = try StudyList(space.store())
      let study = try #require(json(list).array?.first)
      #expect(study["study"]?.string == "small" && study["states"]?["done"]?.int == 4 && study["revision"]?.int == 1)
      #expect(list.text(.csv).contains("\nsmall,2,4,4,0,0,0,"))
      let status = try StoreStatus(space.store())
      #expect(try json(status)["studies"]?.array == [study], "status says the same of a study")
      #expect(status.text(.text).hasSuffix("\nnothing is at work\n"))
      #expect(status.text(.csv).contains("\nsmall,4,0,0,0,0,0,0,4,"))
    }
  }

  @Test func aMistakeInAConditionIsWordedInOneWay() async throws {
    try await trained { space in
      let store = try space.store()
      let study = try space.source().study()
      for (condition, says) in [("seed<", "at character 6: the text ends; expected"), ("(seed=1", "at character 8")] {
        let listed = try #require(throws: UsageError.self) { try TrialList(where: condition, in: store) }
        let selected = try #require(throws: UsageError.self) { try TrialSelection([condition], in: study) }
        #expect(listed.description.hasPrefix("--where \(condition): \(says)"), "\(listed)")
        #expect(selected.description == listed.description.replacing("--where", with: "--only"), "\(selected)")
      }
      let unknown = try #require(throws: UsageError.self) { try TrialList(where: "optimizer.lrr=1", in: store) }
      #expect(
        unknown.description.hasPrefix("--where optimizer.lrr=1: no trial here has \"optimizer.lrr\""), "\(unknown)")
    }
  }

  private struct Unexpected: Error {}
}
