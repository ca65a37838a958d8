import Experiments
import Foundation
import Presentation
import StudySupport
import Testing
import Tracking

@testable import Harness

/// A study cut into shards comes to the same bits as on one machine, whatever happens to its processes.
@Suite struct JobTests {
  private static let grid = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1, 2], iterations: 400)

  /// A job of three shards, and the traces of the same study on one machine.
  private func inJob(_ body: (Workspace, Job, _ expected: [String: String]) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid.text, to: "g.json")
      try await space.run()
      let expected = try space.traces(".bench/bench.db")
      #expect(expected.count == 6)
      try await body(space, try space.submit(shards: 3, to: "a \"job\", 50 %"), expected)
    }
  }

  @Test func shardsMergeToTheBitsOfOneMachine() async throws {
    try await inJob { space, job, expected in
      for shard in 0..<3 { try await space.train(job, shard: shard) }
      #expect(job.missing() == [])
      let outcome = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(outcome.taken == 6 && !outcome.isIncomplete)
      #expect(try space.traces("merged.db") == expected)
      let again = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(again.taken == 0 && again.equal == 6)
      // A store of two shards and a whole one, in either order.
      let both = try space.merge(["merged.db", ".bench/bench.db"], into: "both.db")
      #expect(both.taken == 6 && both.equal == 6)
      let folders = StoreFolders(store: space.folder.appending(path: "both.db").path)
      let store = try Store(path: space.folder.appending(path: "both.db").path, access: .readOnly)
      for trial in try store.trialsWithWeights() { _ = try folders.weights(of: trial) { Issue.record("\($0)") } }
      #expect(try store.study(named: "small").revision == 1)
    }
  }

  @Test func aMergeSaysWhatIsMissing() async throws {
    try await inJob { space, job, expected in
      try await space.train(job, shard: 1)
      #expect(job.missing() == [0, 2])
      let end = try #require(job.folder.shard(1).end)
      #expect(!end.hasFailures)
      try FileManager.default.moveItem(at: end.store, to: space.folder.appending(path: "aside.db"))
      #expect(job.missing() == [0, 1, 2], "what has ended is there")
      try FileManager.default.moveItem(at: space.folder.appending(path: "aside.db"), to: end.store)
      let outcome = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(outcome.isIncomplete && outcome.taken == 2)
      #expect(outcome.lines[0] == "small: 2 of 6 trials are merged, of 3 shards")
      #expect(outcome.lines[1].hasPrefix("trials are missing of the shards 0,2: "))
      #expect(try space.traces("merged.db").allSatisfy { expected[$0.key] == $0.value })
    }
  }

  @Test func aStoppedShardGoesOnOnAnotherMachine() async throws {
    try await inJob { space, job, expected in
      for shard in 0..<3 {
        try await space.train(job, shard: shard, scratch: "one", stopAfter: 2)
        #expect(!FileManager.default.fileExists(atPath: job.folder.shard(shard).done.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: space.scratch("one")) == [])
        let outcome = try await space.train(job, shard: shard, scratch: "other")
        let resumed = outcome.record.configurations.flatMap(\.trials).filter { $0.state == .done }
        #expect(resumed.count == 2)
        #expect(job.folder.shard(shard).stores().count == 1, "the older copy is in the newer one")
      }
      _ = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(try space.traces("merged.db") == expected)
      let resumed = try space.queryStore("merged.db", "SELECT count(*) FROM attempt WHERE resumed_from > 0")
      #expect(resumed > 0, "checkpoints went over the job folder")
    }
  }

  @Test func aShardThatIsTrainedTwiceAtTheSameTimeLosesNothing() async throws {
    try await inJob { space, job, expected in
      async let one = space.train(job, shard: 0, scratch: "one")
      async let other = space.train(job, shard: 0, scratch: "other")
      _ = try await (one, other)
      for shard in 1..<3 { try await space.train(job, shard: shard) }
      _ = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(try space.traces("merged.db") == expected)
      #expect(
        try space.queryStore("merged.db", "SELECT count(*) FROM attempt WHERE state = 'done'") == 6, "nothing twice")
    }
  }

  /// A machine that was thought dead may publish once more, after another has taken its shard over.
  @Test func aCopyThatIsRenewedByItsOwnerStays() async throws {
    try await inJob { space, job, expected in
      try await space.train(job, shard: 0, scratch: "one", stopAfter: 1)
      let old = try #require(job.folder.shard(0).stores().first)
      let shard = try Shard(job.folder, index: "0", data: Workspace.data, environment: [:])
      let place = try ShardWorkspace(shard, scratch: space.scratch("other"))
      let run = try StudyRun(
        shard.prepared, in: StoreFolders.openStore(place.storePath), source: nil, settings: RunSettings(), shard: place)
      // Meanwhile the other, which had not died, ends the shard under its own name.
      let ended = try await space.finished(job, shard: 0)
      try FileManager.default.removeItem(at: old)
      try FileManager.default.moveItem(at: ended, to: old)
      let publisher = ShardPublisher(place, run, interval: 60) { _ in }
      try publisher.finish(hasEnded: false, hasFailures: false)
      #expect(job.folder.shard(0).stores().count == 2)
      _ = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(try space.traces("merged.db").count == 2, "the results of the first are there")
      #expect(try space.traces("merged.db").allSatisfy { expected[$0.key] == $0.value })
    }
  }

  @Test func whatCantBePublishedIsKept() async throws {
    try await inJob { space, job, _ in
      // A file where the shard's folder should be: not even root can make a folder of it.
      try FileManager.default.createDirectory(
        at: job.folder.url.appending(path: "shards"), withIntermediateDirectories: true)
      try Data().write(to: job.folder.url.appending(path: "shards/0000"))
      let error = await #expect(throws: OperationalError.self) { try await space.train(job, shard: 0) }
      let kept = try #require(
        FileManager.default.subpaths(atPath: space.scratch())?.first { $0.hasSuffix("/bench.db") })
      #expect(error?.description.contains("They are kept in \(space.scratch())/\(kept)") == true)
      for shard in 1..<3 { try await space.train(job, shard: shard, scratch: "other") }
      // Whichever comes first, all that is named counts.
      for (place, sources) in [[job.folder.url.lastPathComponent, "scratch/\(kept)"], ["scratch/\(kept)"]].enumerated()
      {
        let outcome = try space.merge(sources, into: "merged-\(place).db")
        #expect(!outcome.isIncomplete)
        #expect(try space.traces("merged-\(place).db").count == [6, 2][place])
      }
    }
  }

  @Test func otherDataOtherGridsAndOtherNumbersAreRefused() async throws {
    try await inJob { space, job, _ in
      func refusal(_ change: (inout JobManifest) -> Void) throws -> String {
        var manifest = job.manifest
        change(&manifest)
        try JobFolder.writeJSON(manifest.json, to: job.folder.manifest)
        let error = #expect(throws: OperationalError.self) {
          try Shard(job.folder, index: "0", data: Workspace.data, environment: [:])
        }
        return error?.description ?? ""
      }
      #expect(try refusal { $0.numerics += 1 }.contains("whose numbers are version \(NumericsVersion.current + 1)"))
      #expect(try refusal { $0.data[0].digest = "00" }.hasPrefix("digits: the data here, in /nowhere, is not the data"))
      #expect(try refusal { $0.gridDigest = "00" }.contains("is not the grid that the job was made of"))
      #expect(
        try refusal { $0.keys[$0.assignment.firstIndex(of: 0)!] = "00" }.contains("a weight file that the grid starts"))
      var manifest = job.manifest
      manifest.program = "0.1.9"
      try JobFolder.writeJSON(manifest.json, to: job.folder.manifest)
      let shard = try Shard(job.folder, index: "0", data: Workspace.data, environment: [:])
      #expect(shard.notices.count == 1 && shard.notices[0].hasPrefix("bench 0.1.9 made the job"))
    }
  }

  @Test func aFolderHoldsOneJob() async throws {
    try await inJob { space, job, _ in
      let name = job.folder.url.lastPathComponent
      let again = try space.submit(shards: 3, to: name)
      #expect(again.isOld)
      let error = #expect(throws: OperationalError.self) { try space.submit(shards: 4, to: name) }
      #expect(error?.description.contains("holds another job, of the study \"small\" in 3 shards") == true)
    }
  }

  @Test func otherBitsUnderTheSameKeyAreAnErrorThatNamesBothPlaces() async throws {
    try await inJob { space, job, _ in
      for shard in 0..<3 { try await space.train(job, shard: shard) }
      try space.plant("UPDATE batch_loss SET value = value + 1 WHERE trial_id = 1 AND iteration = 7")
      let name = job.folder.url.lastPathComponent
      let outcome = try space.merge([".bench/bench.db", name], into: "merged.db")
      let host = ProcessInfo.processInfo.hostName
      #expect(outcome.errors.count == 1 && outcome.equal == 4, "the two other shards are merged")
      let text = try #require(outcome.errors.first)
      #expect(text.contains("\(host) (\(space.folder.path)/merged.db) and \(host) (\(job.folder.path)/shards/"))
      #expect(text.contains("have trained it, and not with the same bits"))
    }
  }

  @Test func aDamagedCopyIsLeftAndTold() async throws {
    try await inJob { space, job, expected in
      let folder = job.folder.shard(0)
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      try Data("SQLite format 3\0 and no more".utf8).write(to: folder.store(of: "DAMAGED0"))
      let outcome = try await space.train(job, shard: 0)
      #expect(outcome.summary.finished == 2)
      #expect(folder.stores().count == 2)
      let merged = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(merged.errors.count == 1 && merged.taken == 2)
      #expect(merged.errors[0].contains("/shards/0000/store-DAMAGED0.db"))
      #expect(merged.errors[0].contains("remove it and start the shard again: bench submit ENGINE --job"))
      try FileManager.default.removeItem(at: folder.store(of: "DAMAGED0"))
      _ = try space.merge([job.folder.url.lastPathComponent], into: "merged.db")
      #expect(try space.traces("merged.db").allSatisfy { expected[$0.key] == $0.value })
    }
  }

  @Test func statusTellsOfEachShard() async throws {
    try await inJob { space, job, _ in
      try await space.train(job, shard: 0)
      try await space.train(job, shard: 1, stopAfter: 1)
      let later = job.folder.now + 1000
      var progress = try ShardProgress(json: try #require(try JobFolder.readJSON(job.folder.shard(1).heartbeat)))
      #expect(progress.phase == "stopped")
      // A clock that is an hour ahead says nothing.
      (progress.phase, progress.at) = ("running", later + 3600)
      try JobFolder.writeJSON(progress.json, to: job.folder.shard(1).heartbeat)
      let shards = try #require(try json(JobStatus(job.folder, at: later))["shards"]?.array)
      #expect(shards.map { $0["state"]?.string } == ["ended", "silent", "waiting"])
      #expect(shards[0]["ended"] == 2 && shards[2]["host"] == .null)
      let queued = try json(JobStatus(job.folder, queued: [1, 2], at: later))["shards"]?.array
      #expect(queued?.map { $0["state"]?.string } == ["ended", "queued", "queued"])
      let text = try JobStatus(job.folder, at: later).text(.text)
      #expect(text.hasPrefix("small: 1 waiting, 1 silent, 1 ended of 3 shards; "))
      #expect(text.contains("no sign of life for more than 3 minutes from the shards 1"))
    }
  }

  @Test func manifestsAreReadAsTheyWereWrittenOrRefused() throws {
    let manifest = JobManifest(
      study: "a \"b\"", createdAt: 1.5, program: "0.2.0", numerics: 2, gridDigest: "ab", gridFolder: "/tmp",
      data: [.init(name: "mnist", digest: "cd")], keys: ["k0", "k1", "k2"], assignment: [0, 1, 0], loads: [2, 0.1])
    #expect(try JobManifest(json: manifest.json) == manifest)
    #expect(manifest.keys(of: 0) == ["k0", "k2"] && manifest.trialCounts == [2, 1])
    func complaint(_ key: String, _ value: JSONValue?) -> String {
      guard case .object(var members) = manifest.json else { return "" }
      members.removeAll { $0.key == key }
      if let value { members.append(.init(key, value)) }
      let error = #expect(throws: JobFileError.self) { try JobManifest(json: .object(members)) }
      return error?.description ?? ""
    }
    #expect(complaint("format", 2).hasPrefix("its format is 2, and this program reads 1"))
    #expect(complaint("trials", nil) == "it has no member trials")
    #expect(complaint("assignment", [0, 1]) == "assignment has 2 entries for 3 trials; expected as many")
    #expect(complaint("assignment", [0, 1, 2]) == "assignment names shard 2; expected 0 to 1")
    #expect(complaint("loads", [1]) == "loads has 1 entries; expected one per shard")
    #expect(complaint("study", 4) == "study is not a text")
  }
}
