import Foundation
import Harness
import Presentation
import StudySupport
import Testing

/// A baseline's file keeps its first version, and nothing is compared with itself.
@Suite struct NamedBaselineTests {
  private func trained(_ body: (Workspace, NamedBaseline) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(iterations: 4, train: 60).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      try await body(space, NamedBaseline("main", in: space.storePath))
    }
  }

  /// Writes the baseline's file anew, and reads it.
  private func export(_ baseline: NamedBaseline, to place: URL, newAnchor: Bool = false) throws -> JSONValue {
    let text = try baseline.fileText(replacing: place, newAnchor: newAnchor) { Issue.record("\($0)") }
    try Data(text.utf8).write(to: place)
    return try value(text)
  }

  private func value(_ text: String) throws -> JSONValue {
    var reader = JSONReader(Array(unsealed(text).utf8))
    return try reader.read().value
  }

  @Test func aCommittedBaselineKeepsItsFirstVersion() async throws {
    try await trained { space, baseline in
      let place = space.folder.appending(path: "main.json")
      _ = try baseline.save(study: nil, newAnchor: false)
      let first = try export(baseline, to: place)
      #expect(first["anchor"] == nil)
      for _ in 0..<2 {
        // A nightly job's store is made anew, so it knows of no anchor.
        try space.plant("UPDATE attempt SET wall_seconds = wall_seconds + 1")
        _ = try baseline.save(study: nil, newAnchor: true)
        #expect(try export(baseline, to: place)["anchor"] == first)
      }
      #expect(try export(baseline, to: place, newAnchor: true)["anchor"] == nil)
      // Not a baseline: nothing that could be an anchor.
      try space.write("{}", to: "main.json")
      let notices = Notices()
      let text = try baseline.fileText(replacing: place, newAnchor: false, warn: notices.append)
      #expect(try value(text)["anchor"] == nil)
      #expect(notices.all.count == 1 && notices.all[0].contains("there is no anchor to keep"), "\(notices.all)")
    }
  }

  @Test func theStoreKeepsTheFirstResultsAsTheAnchor() async throws {
    try await trained { space, baseline in
      #expect(try baseline.save(study: "small", newAnchor: false).replaced == nil)
      try space.plant("UPDATE attempt SET wall_seconds = wall_seconds + 1")
      let second = try baseline.save(study: nil, newAnchor: false)
      #expect(second.replaced?.study == "small" && second.baseline.anchorCreatedAt == second.replaced?.createdAt)
      let third = try baseline.save(study: nil, newAnchor: true)
      #expect(third.replaced != nil && third.baseline.anchorCreatedAt == nil)
    }
  }

  @Test func aStudyIsNotComparedWithItself() async throws {
    try await trained { space, baseline in
      _ = try baseline.save(study: nil, newAnchor: false)
      let file = space.folder.appending(path: "main.json")
      _ = try export(baseline, to: file)
      for (one, other) in [
        ("small", nil), ("main", nil), ("small", "#small"), (file.path, space.storePath), (file.path, "main"),
      ] {
        let error = try #require(throws: UsageError.self) {
          try NamedComparison(
            baseline: one, candidate: other, policy: .init(), storePath: space.storePath,
            warn: { Issue.record("\($0)") })
        }
        #expect(
          error.description.contains("both sides are the same runs of study small, revision 1")
            && error.description.contains("--rerun"), "\(error)")
      }
    }
  }

  @Test func aRecordedComparisonIsANight() async throws {
    try await trained { space, baseline in
      _ = try baseline.save(study: nil, newAnchor: false)
      try await space.run {
        ($0.rerunsAll, $0.keepsWeights) = (true, false)
      }
      // The second time as after a kill behind the commit.
      for _ in 0..<2 {
        let named = try NamedComparison(
          baseline: "main", candidate: nil, policy: .init(), storePath: space.storePath, warn: { Issue.record("\($0)") }
        )
        #expect(named.comparison.outcome == .fine, "\(named.comparison.text(.text))")
        try named.record()
      }
      let nights = try space.store().nights(ofStudy: "small")
      #expect(nights.count == 1 && nights.first?.baseline == "main" && nights.first?.numerics != nil)
    }
  }
}
