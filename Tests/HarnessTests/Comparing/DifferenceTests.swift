import Comparing
import Experiments
import Foundation
import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// What changed from one revision or study to another.
@Suite struct DifferenceTests {
  /// A study with two revisions: another network, one rate more and one less, one seed more.
  private func revised(_ body: (Workspace) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1, 2]).text
      try space.write(grid, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let revised = SmallGrid(rates: [0.1, 0.02], seeds: [0, 1, 2, 3]).text.replacing("8", with: "16")
      try space.write(
        "// revised\n" + revised.replacing("\"seeds\"", with: "\"notes\": \"wider\", \"seeds\""), to: "g.json")
      try await space.run { $0.keepsWeights = false }
      try await body(space)
    }
  }

  @Test func theGridsChangesAreDottedPaths() async throws {
    try await revised { space in
      let difference = try StudyDifference(from: "small", to: nil, in: space.storePath)
      #expect((difference.before.revision, difference.after.revision) == (1, 2))
      #expect(
        difference.grid == [
          GridChange(path: "model.hidden", before: "[8]", after: "[16]"),
          GridChange(path: "axes.optimizer.lr", before: "[0.1, 0.05]", after: "[0.1, 0.02]"),
          GridChange(path: "seeds", before: "[0, 1, 2]", after: "[0, 1, 2, 3]"),
          GridChange(path: "notes", before: nil, after: "\"wider\""),
        ])
      let back = try StudyDifference(from: "small@2", to: "small@1", in: space.storePath)
      #expect(back.grid.first { $0.path == "notes" }?.kind == .removed)
      #expect(Set(back.grid.map(\.path)) == Set(difference.grid.map(\.path)))
    }
  }

  @Test func resultsArePairedBySeed() async throws {
    try await revised { space in
      let difference = try StudyDifference(from: "small@1", to: "small@2", in: space.storePath)
      #expect((difference.onlyBefore, difference.onlyAfter) == (["lr 0.05"], ["lr 0.02"]))
      #expect(difference.rows.count == 1 && difference.metric == .testAccuracy)
      let row = try #require(difference.rows.first)
      #expect(row.after == "lr 0.1" && !row.hasSameSettings && row.seeds == [0, 1, 2] && row.sameRuns == 0)
      func accuracies(_ revision: Int) throws -> [Double] {
        try space.store().study(named: "small", revision: revision).configurations[0].trials.prefix(3)
          .compactMap { $0.evaluations.last?.test?.accuracy }
      }
      let (before, after) = try (accuracies(1), accuracies(2))
      #expect(row.differences == zip(before, after).map { $1 - $0 })
      let mean = row.differences.reduce(0, +) / 3
      #expect(abs((row.difference ?? 9) - mean) < 1e-12)
      // t of 2 degrees of freedom at 0.975 is 4.3027; a difference is never known better than to one of 100 images.
      let variance = row.differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
      let reach = 4.302653 * max(variance.squareRoot(), 0.01) / 3.0.squareRoot()
      let interval = try #require(row.interval)
      #expect(
        abs(interval.upper - min(mean + reach, 1 - before.reduce(0, +) / 3)) < 1e-5, "\(interval) \(mean) \(reach)")
      #expect(interval.confidence == 0.95 && interval.lower < mean)
    }
  }

  @Test func theSameTrialsAreTheSame() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1, 2]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1, 2, 3]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let difference = try StudyDifference(from: "small", to: nil, in: space.storePath)
      #expect(difference.rows.map(\.sameRuns) == [3] && difference.rows[0].interval == nil)
      #expect(difference.rows[0].differences == [0, 0, 0] && difference.rows[0].hasSameSettings)
      #expect(difference.text(.text).contains("the same runs"))
      #expect(difference.grid == [GridChange(path: "seeds", before: "[0, 1, 2]", after: "[0, 1, 2, 3]")])
    }
  }

  @Test(arguments: OutputFormat.allCases) func everyFormatTellsBoth(format: OutputFormat) async throws {
    try await revised { space in
      let text = try StudyDifference(from: "small", to: nil, in: space.storePath).text(format)
      for part in ["model.hidden", "lr 0.05", "lr 0.02"] { #expect(text.contains(part), "\(part) in \(text)") }
      if format == .json {
        let value = try json(StudyDifference(from: "small", to: nil, in: space.storePath))
        #expect(value["results"]?.array?[0]["differences"]?.array?.count == 3 && value["before"]?["revision"]?.int == 1)
      }
      if format == .csv {
        #expect(
          text.hasPrefix("part,name,change,before,after,difference,interval_lower,interval_upper,seeds,same_runs\n"))
        #expect(text.contains("\ngrid,seeds,changed,") && text.contains("\nresults,lr 0.02,only_after,,,,,,,\n"))
      }
    }
  }

  @Test func whatAnImportedStudyDoesNotSayIsNoChange() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let curves = "label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\nA,1,5,test,loss,2\n"
      _ = try CurveImport(
        Array(curves.utf8), file: "c.csv", into: "theirs", in: space.storePath, commandLine: ["bench"])
      for (from, to) in [("small", "theirs"), ("theirs", "small")] {
        let changes = try StudyDifference(from: from, to: to, in: space.storePath).grid
        #expect(Set(changes.map(\.path)).isSubset(of: ["seeds", "axes.optimizer.lr"]), "\(changes)")
        #expect(changes.contains { $0.path == "seeds" })
      }
    }
  }

  @Test func whatCantBeComparedIsSaid() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let alone = try #require(throws: OperationalError.self) {
        try StudyDifference(from: "small", to: nil, in: space.storePath)
      }
      #expect(
        "\(alone)"
          == "study small: there is no revision before 1; name what it is compared with: bench diff small OTHER")
      let unknown = try #require(throws: StoreError.self) {
        try StudyDifference(from: "small", to: "other", in: space.storePath)
      }
      #expect("\(unknown)" == "there is no study \"other\" in the store; expected one of \"small\".")
    }
  }
}
