import Experiments
import Foundation
import GRDB
import Runner
import StudySupport
import Tracking

@testable import Harness

extension Workspace {
  /// Cuts the study of `g.json` and writes its job folder; costs are multiply-adds, so that nothing is timed.
  func submit(shards: Int, to name: String = "job") throws -> Job {
    let source = try source()
    let prepared = try PreparedStudy(source)
    let plan = try JobPlan(prepared, source, shards: shards, timesSteps: false)
    return try Job(
      prepared, source, plan: plan, in: JobFolder(folder.appending(path: name).path), commandLine: ["bench", "submit"])
  }

  /// A machine's own disk.
  func scratch(_ name: String = "scratch") -> String { folder.appending(path: name).path }

  /// Trains a shard as `bench run --job` does.
  ///
  /// - Parameters:
  ///   - stopAfter: evaluations after which it is stopped.
  ///   - publishes: whether the end is published, as it is not where the process is killed.
  @discardableResult
  func train(
    _ job: Job, shard: Int, scratch: String = "scratch", stopAfter: Int? = nil, publishes: Bool = true
  ) async throws -> StudyRun.Outcome {
    let shard = try Shard(job.folder, index: "\(shard)", data: Self.data, environment: [:])
    let place = try ShardWorkspace(shard, scratch: self.scratch(scratch))
    var settings = RunSettings()
    (settings.workers, settings.commandLine) = (2, ["bench", "run", "--job"])
    let run = try StudyRun(
      shard.prepared, in: StoreFolders.openStore(place.storePath), source: nil, settings: settings, shard: place)
    let publisher = ShardPublisher(place, run, interval: 60) { _ in }
    let (cancellation, seen) = (Cancellation(), Places())
    let summary = await run.train(cancellation: cancellation) { event in
      guard case .trial(let event) = event else { return }
      publisher.take(event)
      guard let stopAfter, case .trial(let index, .evaluation(let evaluation)) = event else { return }
      if seen.insert(index * 100_000 + evaluation.iteration) >= stopAfter { cancellation.request() }
    }
    let outcome = try run.finish(summary)
    if publishes {
      try publisher.finish(hasEnded: run.hasEnded(outcome), hasFailures: outcome.hasFailures)
    }
    return outcome
  }

  /// A store in which a shard of a job has ended, trained apart.
  func finished(_ job: Job, shard: Int) async throws -> URL {
    let apart = JobFolder(folder.appending(path: "apart").path)
    try FileManager.default.createDirectory(at: apart.url, withIntermediateDirectories: true)
    for file in [job.folder.manifest, job.folder.grid] {
      try FileManager.default.copyItem(at: file, to: apart.url.appending(path: file.lastPathComponent))
    }
    try await train(Job(opening: apart), shard: shard, scratch: "apart-scratch")
    return apart.shard(shard).stores()[0]
  }

  /// Each trial's trace digest in a store.
  func traces(_ store: String) throws -> [String: String] {
    let store = try Store(path: folder.appending(path: store).path, access: .readOnly)
    let record = try store.study(named: try store.studies()[0].name)
    return Dictionary(
      uniqueKeysWithValues: record.configurations.flatMap(\.trials).compactMap { trial in
        trial.result.map { (trial.key, $0.traceDigest) }
      })
  }

  /// Merges sources of the folder into a store of it.
  func merge(_ sources: [String], into store: String) throws -> JobMerge.Outcome {
    try JobMerge.run(sources.map { folder.appending(path: $0).path }, into: folder.appending(path: store).path)
  }
}

extension Workspace {
  /// A number that SQL finds in a store of the folder.
  func queryStore(_ store: String, _ sql: String) throws -> Int {
    let queue = try DatabaseQueue(path: folder.appending(path: store).path)
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: sql) } ?? 0
  }
}
