import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// The result of a second training in every format.
@Suite struct TrialVerificationTests {
  @Test func saysWhatDiffersForPeopleAndPrograms() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run { $0.keepsWeights = false }
      let key = try #require(try space.traceDigests().keys.first)
      func verify() async throws -> TrialVerification {
        let store = try space.store()
        let details = try store.trial(prefix: key)
        let replay = try TrialReplay(details, in: store, data: Workspace.data, gridFolder: GridFolder(nil, of: details))
        return TrialVerification(replay, try await replay.run())
      }
      let digest = try #require(try space.traceDigests()[key])
      let same = try await verify()
      #expect(
        same.text(.text)
          == "\(key.prefix(12)): the same to the last bit: 60 losses, 2 evaluations, trace digest \(digest)\n")
      #expect(
        same.text(.csv)
          == "trial,same,losses,evaluations,stored_digest,digest,first_different_iteration,first_difference,"
          + "same_numerics,changes\n\(key),true,60,2,\(digest),\(digest),,,true,[]\n")
      let sameJSON = try json(same)
      #expect(sameJSON["schema"]?.int == 1 && sameJSON["first_difference"] == .null)
      try space.meddle("UPDATE batch_loss SET value = value + 1e-6 WHERE iteration >= 17")
      let changed = try await verify()
      let found = try json(changed)
      #expect(found["same"] == .bool(false) && found["first_difference"]?["iteration"]?.int == 17)
      #expect(found["first_difference"]?["text"]?.string?.hasPrefix("the batch loss is ") == true)
      #expect(changed.text(.csv).contains("\n\(key),false,60,2,\(digest),\(digest),17,"))
      let text = changed.text(.text)
      #expect(text.hasPrefix("\(key.prefix(12)): not the same\nfirst difference at iteration 17: the batch loss is "))
      #expect(
        text.hasSuffix(
          "\nstored digest  \(digest)\ndigest now     \(digest)\nmachine and program are the same as then\n"), "\(text)"
      )
    }
  }
}
