import Files
import Foundation
import GRDB
import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// What nobody refers to is swept, and all else stays.
@Suite struct StoreSweepTests {
  @Test func strayFilesGoAndOthersStay() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 600).text, to: "g.json")
      _ = try await space.stopInTheMiddle { $0.checkpointInterval = .iterations(50) }
      let unfinished = space.checkpointNames
      #expect(!unfinished.isEmpty)
      let before = try space.contents
      #expect(try StoreSweep(store: space.storePath).files == 0)
      let weights = space.weightFile("d").deletingLastPathComponent()
      try FileManager.default.createDirectory(at: weights, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(at: space.checkpoints, withIntermediateDirectories: true)
      let process = try ChildProcess("/bin/true", [])
      _ = process.finish()
      let draft = Draft(for: URL(filePath: space.storePath + ".before-next")).url.lastPathComponent
        .replacing("-\(ProcessInfo.processInfo.processIdentifier).", with: "-\(process.identifier).")
      let digest = String(repeating: "0d", count: 32)
      let folder = space.folder.appending(path: ".bench/\(draft.replacing("bench.db", with: "board"))")
      let strays = [
        weights.appending(path: "\(digest).safetensors"), space.checkpoints.appending(path: "\(digest).checkpoint"),
        space.folder.appending(path: ".bench/\(draft)"), folder.appending(path: "lr 0.1/seed 0/events"),
      ]
      // What an export makes before it takes its place is a folder.
      try FileManager.default.createDirectory(
        at: folder.appending(path: "lr 0.1/seed 0"), withIntermediateDirectories: true)
      for stray in strays { try Data(count: 1_000_000).write(to: stray) }
      // Nothing of the program's has such names.
      let mine =
        ["best.safetensors", "\(digest.uppercased()).safetensors", "\(digest)0.safetensors"]
        .map { weights.appending(path: $0) } + [space.checkpoints.appending(path: "mine.checkpoint")]
      for file in mine { try Data(count: 10).write(to: file) }
      // A copy of an older store, and the weights of an older program, which other stores may name.
      let (backup, older) = (
        space.folder.appending(path: ".bench/bench.db.before-v6-names"),
        space.folder.appending(path: ".bench/weights/abc.safetensors")
      )
      for file in [backup, older] { try Data(count: 10).write(to: file) }
      let sweep = try StoreSweep(store: space.storePath, backupDays: 1)
      #expect(
        sweep.files == 4
          && sweep.text(.csv).hasPrefix(
            "what,files,bytes\nweights,1,1000000\ncheckpoints,1,1000000\ndrafts,2,2000000\n")
      )
      #expect(sweep.text(.text).contains("1 copy of an older store, 1 kB, kept; --backups-older-than DAYS"))
      #expect(try sweep.perform() >= 4_000_000)
      #expect((strays + [folder]).allSatisfy { !FileManager.default.fileExists(atPath: $0.path) })
      for file in mine { try FileManager.default.removeItem(at: file) }
      #expect(FileManager.default.fileExists(atPath: older.path) && FileManager.default.fileExists(atPath: backup.path))
      #expect(space.checkpointNames == unfinished)
      try FileManager.default.setAttributes([.modificationDate: Date.now - 90_000], ofItemAtPath: backup.path)
      #expect(try StoreSweep(store: space.storePath).files == 0, "no copy goes unless that is asked for")
      _ = try StoreSweep(store: space.storePath, backupDays: 1).perform()
      #expect(!FileManager.default.fileExists(atPath: backup.path))
      try FileManager.default.removeItem(at: older)
      #expect(try Set(space.contents).subtracting(before) == [".bench/weights", ".bench/weights/bench.db"])
      let outcome = try await space.run()
      #expect(outcome.summary.failed == 0)
      #expect(try space.lastResumption() > 0, "the checkpoint is still of use")
    }
  }

  @Test func theStoreBecomesSmaller() async throws {
    try await Workspace.inTemporaryFolder { space in
      for seed in [0, 1] {
        try space.write(SmallGrid(name: "s\(seed)", rates: [0.1], seeds: [seed], iterations: 20_000).text, to: "g.json")
        try await space.run { $0.keepsWeights = false }
      }
      func size() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: space.storePath)[.size] as? Int ?? 0
      }
      let (before, rows) = try (size(), space.measurements())
      let key = try #require(
        try space.query { try String.fetchOne($0, sql: "SELECT trial FROM trials WHERE study = 's0'") })
      try StoreRemoval(["s0"], in: space.storePath).perform(force: false)
      #expect(try size() == before)
      let bytes = try StoreSweep(store: space.storePath).perform()
      let after = try size()
      #expect(after == before - bytes && bytes > before / 3, "\(before) \(after) \(bytes)")
      #expect(try space.measurements() == rows.filter { !$0.hasPrefix(key) } && space.storeFaults() == [])
      #expect(try StoreSweep(store: space.storePath).perform() == 0)
    }
  }
}
