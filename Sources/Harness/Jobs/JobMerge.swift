import Experiments
import Files
import Foundation
import NeuralNetwork
import Presentation
import Tracking
import Training

/// The merging of job folders and stores into one store.
package struct JobMerge: Sendable {
  /// What came of it.
  package struct Outcome: Sendable {
    /// Trials whose measurements were taken over now.
    package var taken = 0
    /// Trials that had been there before, or that several shards have trained, with the same bits.
    package var equal = 0
    /// One line for people on each job: how much of it is there.
    package var lines: [String] = []
    /// Whether trials are missing or failed.
    package var isIncomplete = false
  }

  private let target: Store
  private let folders: StoreFolders

  /// Merges.
  ///
  /// - Parameters:
  ///   - sources: job folders, and stores of single machines.
  ///   - path: the store to merge into; made where there is none.
  /// - Throws: `StoreError` where two places have a trial with other bits, or a source is damaged; what was merged
  ///   before stays.
  package static func run(_ sources: [String], into path: String) throws -> Outcome {
    let target = try StoreFolders.openStore(path)
    defer { try? target.close() }
    var outcome = Outcome()
    let merge = JobMerge(target: target, folders: StoreFolders(store: path))
    var jobs: [(folder: JobFolder, manifest: JobManifest)] = []
    for source in sources {
      let job = JobFolder(source)
      var isFolder: ObjCBool = false
      let isThere = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
      if !isThere || isFolder.boolValue {
        jobs.append((job, try merge.take(job, &outcome)))
      } else {
        let store = try Store(path: source, access: .readOnly)
        try target.mergeStudies(from: store)
        outcome.add(try merge.take(store, weights: StoreFolders(store: source).weights))
        try store.close()
      }
    }
    for job in jobs { try merge.tell(of: job.manifest, at: job.folder, &outcome) }
    return outcome
  }

  private func take(_ job: JobFolder, _ outcome: inout Outcome) throws -> JobManifest {
    let manifest = try job.readManifest()
    try target.mergeStudies(from: Store(path: job.study.path, access: .unchanging))
    for index in 0..<manifest.shards {
      let shard = job.shard(index)
      let weights = TrialFolder(path: shard.weights.path, suffix: StoreFolders.weightsSuffix)
      try Self.whileItChanges {
        for file in shard.stores() {
          let store = try Store(path: file.path, access: .unchanging)
          outcome.add(try take(store, weights: weights))
          try store.close()
        }
      }
    }
    return manifest
  }

  /// A shard at work puts a newer copy in place of an older one; what was read of that is read anew.
  private static func whileItChanges(_ body: () throws -> Void) throws {
    for _ in 0..<20 {
      do { return try body() } catch let error as StoreError {
        switch error {
        case .missing, .busy, .unreadable: usleep(50_000)
        default: throw error
        }
      }
    }
    try body()
  }

  private func take(_ store: Store, weights: TrialFolder) throws -> Store.MergeCounts {
    try target.mergeResults(from: store) { digest in
      guard FileManager.default.fileExists(atPath: weights.path(key: digest)),
        !FileManager.default.fileExists(atPath: folders.weights.path(key: digest))
      else { return }
      if let file = try weights.load(key: digest) { try folders.weights.save(file, key: digest) }
    }
  }

  private func tell(of manifest: JobManifest, at job: JobFolder, _ outcome: inout Outcome) throws {
    let states = try target.states(of: manifest.keys)
    var (missing, failed) = (Set<Int>(), Set<Int>())
    var counts: [TrialState: Int] = [:]
    for (key, shard) in zip(manifest.keys, manifest.assignment) {
      let state = states[key] ?? .planned
      counts[state, default: 0] += 1
      switch state {
      case .done, .diverged: break
      case .failed: failed.insert(shard)
      case .planned, .running, .stale, .cancelled: missing.insert(shard)
      }
    }
    let ended = counts[.done, default: 0] + counts[.diverged, default: 0]
    outcome.lines.append(
      "\(PlainText.oneLine(manifest.study)): \(NumberText.count(ended)) of \(NumberText.count(manifest.keys.count)) trials "
        + "are merged, of \(NumberText.count(manifest.shards)) shards")
    let place = Shell.quoted(job.path)
    if !missing.isEmpty {
      outcome.lines.append(
        "trials are missing of the shards \(IndexRanges.text(missing.sorted())): bench status \(place) says what they do, "
          + "bench submit ENGINE --job \(place) --missing starts them again")
    }
    if !failed.isEmpty {
      outcome.lines.append(
        "\(NumberText.count(counts[.failed, default: 0])) trials failed, of the shards "
          + "\(IndexRanges.text(failed.sorted())): bench list \(Shell.quoted(manifest.study)) --where state=failed says why"
      )
    }
    outcome.isIncomplete = outcome.isIncomplete || !missing.isEmpty || !failed.isEmpty
    outcome.lines += Self.differences(manifest, job)
  }

  /// Says so where shards ran on processors for which the matrix library has kernels of its own: until no number depends on
  /// it, such trials are not the same to the bit.
  private static func differences(_ manifest: JobManifest, _ job: JobFolder) -> [String] {
    var shards: [String: [Int]] = [:]
    for index in 0..<manifest.shards {
      guard let json = try? JobFolder.readJSON(job.shard(index).heartbeat),
        let progress = try? ShardProgress(json: json)
      else { continue }
      shards[progress.blas, default: []].append(index)
    }
    guard shards.count > 1 else { return [] }
    let parts = shards.sorted { $0.value[0] < $1.value[0] }.map {
      "\(PlainText.oneLine($0.key)) (shards \(IndexRanges.text($0.value)))"
    }
    return [
      "the shards computed with different matrix libraries or kernels, whose last bits can differ: "
        + parts.joined(separator: "; ")
    ]
  }
}

extension JobMerge.Outcome {
  fileprivate mutating func add(_ counts: Store.MergeCounts) {
    taken += counts.taken
    equal += counts.equal
  }
}
