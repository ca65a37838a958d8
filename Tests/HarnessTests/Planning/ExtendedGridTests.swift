import Foundation
import Presentation
import StudySupport
import Testing
import Tracking

@testable import Harness

/// A grid that extends another trains the trials that one file would, in this process and as a job.
@Suite struct ExtendedGridTests {
  private static let small = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1], iterations: 60)

  private func inFolder(_ body: (Workspace) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try FileManager.default.createDirectory(
        at: space.folder.appending(path: "bases"), withIntermediateDirectories: true)
      try space.write(SmallGrid(rates: [0.3], seeds: [0, 1], iterations: 60).text, to: "bases/small.json")
      try space.write(
        """
        // Only the rates differ.
        {
          "extends": "bases/small.json",
          "axes": {"optimizer.lr": [0.1, 0.05]},
          "tags": ["night", "rates"], "notes": "why not",
        }
        """, to: "g.json")
      try await body(space)
    }
  }

  @Test func trainsWhatOneFileWould() async throws {
    try await inFolder { space in
      try await space.run()
      try space.write(Self.small.text, to: "one.json")
      try await space.run("one.json", store: space.folder.appending(path: "one.db").path)
      let traces = try space.traces(".bench/bench.db")
      #expect(try traces.count == 4 && traces == space.traces("one.db"))
      let record = try space.store().study(named: "small")
      #expect(record.annotations.tags == ["night", "rates"] && record.annotations.notes == "why not")
      let study = try #require(json(StudyList(space.store())).array?.first)
      #expect(study["tags"]?.array == ["night", "rates"] && study["notes"]?.string == "why not")
      let page = try TrialPage(space.store().trial(prefix: #require(traces.keys.first)))
      #expect(page.text(.text).contains("tags            night, rates\nnotes           why not\n"))
      #expect(try json(page)["studies"]?.array?.first?["tags"]?.array == ["night", "rates"])
    }
  }

  /// What is stored says everything: the base may be gone by then.
  @Test func aJobNeedsNoOtherFile() async throws {
    try await inFolder { space in
      try await space.run()
      let job = try space.submit(shards: 2)
      try FileManager.default.removeItem(at: space.folder.appending(path: "bases"))
      for shard in 0..<2 { try await space.train(job, shard: shard) }
      let outcome = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(outcome.taken == 4 && !outcome.isIncomplete)
      #expect(try space.traces("merged.db") == space.traces(".bench/bench.db"))
    }
  }

  @Test func saysWhichFileCannotBeRead() async throws {
    try await inFolder { space in
      try FileManager.default.removeItem(at: space.folder.appending(path: "bases/small.json"))
      let error = #expect(throws: (any Error).self) { try space.source() }
      let text = "\(try #require(error))"
      #expect(text.contains("g.json:3:14: extends is \"bases/small.json\": "), "\(text)")
      #expect(text.contains("can't be read: No such file or directory"), "\(text)")
    }
  }
}
