import Experiments
import Foundation
import GRDB
import StudySupport
import Testing
import Tracking

@testable import Harness

/// What manifests and merges take: a few shards here. For `make scale-jobs` it makes 1,000 shards of 100 trials and 10 MB,
/// which the optimised program merges.
@Suite struct JobScaleTests {
  private static func number(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
  }

  private let shards = number("BENCH_JOB_SHARDS", 4)
  private let configurations = number("BENCH_JOB_CONFIGURATIONS", 10)
  private let losses = number("BENCH_JOB_LOSSES", 300)
  private let seeds = number("BENCH_JOB_SEEDS", 2)

  @Test func manifestsAndMergesKeepToTheirLimits() async throws {
    try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(
        rates: (1...configurations).map { Double($0) / Double(configurations) }, seeds: Array(0..<seeds),
        iterations: losses)
      try space.write(grid.text, to: "g.json")
      let clock = ContinuousClock()
      var job: Job?
      let submission = try clock.measure { job = try space.submit(shards: shards) }
      let made = try #require(job)
      let reading = try clock.measure { _ = try made.folder.readManifest() }
      let manifestBytes = try size(made.folder.manifest)
      let bytes = try publish(made, in: space)
      if let place = ProcessInfo.processInfo.environment["BENCH_JOB_FOLDER"] {
        print("jobs: \(shards) shards, \(configurations * seeds) trials, \(bytes / 1_000_000) MB in \(place)")
        return try FileManager.default.moveItem(atPath: made.folder.path, toPath: place)
      }
      let before = peakBytes
      var outcome = JobMerge.Outcome()
      let merge = try clock.measure { outcome = try space.merge(["job"], into: "merged.db") }
      let again = try clock.measure { _ = try space.merge(["job"], into: "merged.db") }
      let status = try clock.measure { _ = try JobStatus(made.folder).text(.text) }
      #expect(outcome.taken == configurations * seeds && !outcome.isIncomplete)
      print(
        """
        jobs: \(shards) shards, \(configurations * seeds) trials, \(bytes / 1_000_000) MB: submitted in \(submission), \
        manifest \(manifestBytes / 1_000) kB read in \(reading), merged in \(merge), merged again in \(again), status in \
        \(status); peak memory \(before / 1_000_000) MB before the merge, \(peakBytes / 1_000_000) MB after
        """)
      #expect(merge < .seconds(60))
    }
  }

  private func size(_ file: URL) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
  }

  /// The most memory that the process has had.
  private var peakBytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
  }

  /// Lays a store into each shard's folder, as if it had been trained; returns the bytes of all.
  private func publish(_ job: Job, in space: Workspace) throws -> Int {
    let curve = (0..<losses).map { 1 / Float($0 + 1) }
    let evaluation = Evaluation(
      iteration: losses, epoch: 1, trainLoss: 0.5, validation: nil, test: Score(loss: 0.5, accuracy: 0.75))
    let result = TrialResult(
      outcome: .done, iterations: losses, wallSeconds: 1, cpuSeconds: 1, peakBytes: 1, imagesPerSecond: 1000,
      confusion: nil, traceDigest: TraceDigest.of(losses: curve, evaluations: [evaluation]))
    let base = space.folder.appending(path: "base.db")
    let prepared = try PreparedStudy(space.source())
    let shards = (0..<job.manifest.shards).map { job.manifest.keys(of: $0).sorted() }
    let largest = shards.max { $0.count < $1.count } ?? []
    let store = try StoreFolders.openStore(base.path)
    let run = try store.register(
      prepared.study, identity: prepared.identity, environment: Provenance.environment(workers: 1), source: nil,
      commandLine: ["bench"], only: Set(largest))
    for key in largest {
      let attempt = try #require(try store.claim(key, for: run))
      try store.finish(
        attempt, result: result, events: [.batchLosses(first: 1, losses: curve), .evaluation(evaluation)])
    }
    try store.close()
    var bytes = 0
    for (index, keys) in shards.enumerated() {
      let folder = job.folder.shard(index)
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      let file = folder.store(of: "SYNTHETIC")
      try FileManager.default.copyItem(at: base, to: file)
      let queue = try DatabaseQueue(path: file.path)
      try queue.write { database in
        for (place, key) in keys.enumerated() {
          try database.execute(sql: "UPDATE trial SET key = ? WHERE id = ?", arguments: ["-\(place)", place + 1])
          try database.execute(
            sql: "UPDATE attempt SET result_digest = ? WHERE trial_id = ?",
            arguments: [ResultDigest.of(result, key: key, evaluations: [evaluation]), place + 1])
        }
        for (place, key) in keys.enumerated() {
          try database.execute(sql: "UPDATE trial SET key = ? WHERE id = ?", arguments: [key, place + 1])
        }
        for place in keys.count..<largest.count {
          try database.execute(sql: "UPDATE trial SET attempt_id = NULL WHERE id = ?", arguments: [place + 1])
        }
        try Store.sealRows(in: database)
      }
      try queue.close()
      bytes += try size(file)
    }
    return bytes
  }
}
