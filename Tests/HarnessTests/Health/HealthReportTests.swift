import Harness
import Presentation
import StudySupport
import Testing

/// The health check's numbers for programs.
@Suite struct HealthReportTests {
  @Test func findingsCarryTheirNumbers() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(seeds: [0, 1]).text, to: "g.json")
      try await space.run()
      let report = HealthReport(HealthCheck(store: space.storePath, data: Workspace.data).results { _ in })
      let checks = try #require(try json(report).array)
      func check(_ check: String, _ name: String? = nil) -> JSONValue? {
        checks.first { $0["check"]?.string == check && (name == nil || $0["name"]?.string == name) }
      }
      #expect(check("store", space.storePath)?["values"]?["studies"]?.int == 1)
      #expect(check("store")?["values"]?["trials"]?.int == 4 && check("store")?["values"]?["bad_trials"]?.int == 0)
      #expect(check("weights")?["values"]?["trials"]?.int == 4)
      #expect(check("data", "digits")?["state"]?.string == "good")
      #expect(check("data", "mnist")?["state"]?.string == "missing" && check("data", "mnist")?["values"] == [:])
      let free = try #require(check("disk")?["values"]?["free_bytes"]?.int)
      let found = try #require(check("disk")?["found"]?.string)
      #expect(found.hasPrefix("\(NumberText.bytes(free)) free in "), "\(found)")
      let lines = report.text(.csv).split(separator: "\n").map(String.init)
      #expect(
        lines.first
          == "check,name,state,found,cores,memory_bytes,train,test,free_bytes,studies,trials,"
          + "bad_trials,unknown_trials")
      #expect(
        lines.contains { $0.hasPrefix("store,\(space.storePath),good,") && $0.hasSuffix(",,1,4,0,0") }, "\(lines)")
      try space.meddle("UPDATE metric SET value = value / 2 WHERE trial_id = 2 AND series_id = 4")
      let damaged = HealthReport(HealthCheck(store: space.storePath, data: Workspace.data).results { _ in })
      let store = try #require(damaged.results.first { $0.check == "store" })
      #expect(!damaged.isSound && store.values[.badTrials] == 1 && store.values[.trials] == 4)
      #expect(damaged.text(.text).contains("✗ store       "))
    }
  }
}
