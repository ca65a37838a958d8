import Experiments
import Files
import Foundation
import NeuralNetwork
import Presentation
import Tracking
import Training

/// The merging of job folders and stores into one store.
package struct JobMerge {
  /// What came of it.
  package struct Outcome: Sendable {
    /// Trials whose measurements were taken over now.
    package var taken = 0
    /// Trials that had been there before, or that several shards have trained, with the same bits.
    package var equal = 0
    /// One line for people on each job: how much of it is there.
    package var lines: [String] = []
    /// What could not be merged, and how to mend it; all else was.
    package var errors: [String] = []
    /// Whether trials are missing or failed.
    package var isIncomplete = false
  }

  private let target: Store
  private let weights: TrialFolder
  /// A folder of this machine, where copies are merged from: what lies in a job folder may be replaced at any moment.
  private let scratch: URL
  private var outcome = Outcome()

  /// Merges.
  ///
  /// - Parameters:
  ///   - sources: job folders, and stores of single machines.
  ///   - path: the store to merge into; made where there is none. On a network file system it is made on this machine and
  ///     then copied there whole.
  /// - Throws: ``OperationalError`` where a source is not there or the store can't be written.
  package static func run(_ sources: [String], into path: String) throws -> Outcome {
    for source in sources where !FileManager.default.fileExists(atPath: source) {
      throw OperationalError("\(source): there is no job folder and no store here")
    }
    let scratch = FileManager.default.temporaryDirectory.appending(
      path: "bench-merge-\(UUID().uuidString)", directoryHint: .isDirectory)
    try WholeFile.makeFolder(scratch)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let place = URL(filePath: path)
    let isShared = Store.sharedFileSystem(at: place.deletingLastPathComponent().path) != nil
    let local = isShared ? scratch.appending(path: "bench.db") : place
    if isShared, FileManager.default.fileExists(atPath: path) { try WholeFile.copy(place, to: local) }
    let target = try StoreFolders.openStore(local.path)
    defer { try? target.close() }
    var merge = JobMerge(target: target, weights: StoreFolders(store: path).weights, scratch: scratch)
    merge.weights.sweep()
    try merge.run(sources)
    if isShared {
      try target.close()
      try WholeFile.copy(local, to: place)
    }
    return merge.outcome
  }

  private init(target: Store, weights: TrialFolder, scratch: URL) {
    (self.target, self.weights, self.scratch) = (target, weights, scratch)
  }

  private mutating func run(_ sources: [String]) throws {
    var jobs: [(folder: JobFolder, manifest: JobManifest)] = []
    for source in sources {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue {
        let job = JobFolder(source)
        jobs.append((job, try take(job)))
      } else {
        let store = try Store(path: source, access: .readOnly)
        try target.mergeStudies(from: store)
        merge(store, named: source, weights: StoreFolders(store: source).weights, cure: "")
        try store.close()
      }
    }
    for job in jobs { try tell(of: job.manifest, at: job.folder) }
  }

  private mutating func take(_ job: JobFolder) throws -> JobManifest {
    let manifest = try job.readManifest()
    try target.mergeStudies(from: Store(path: job.study.path, access: .unchanging))
    for index in 0..<manifest.shards { take(job.shard(index), of: job) }
    return manifest
  }

  /// Merges the copies in a shard's folder. One that is replaced by a newer one meanwhile is looked for again: a network
  /// file system may name it for a while.
  private mutating func take(_ shard: ShardFolder, of job: JobFolder) {
    let copy = scratch.appending(path: "shard.db")
    var merged: Set<FileIdentity> = []
    for _ in 0..<3 {
      var hasGone = false
      for file in shard.stores() {
        guard let identity = FileIdentity(file), !merged.contains(identity) else { continue }
        do { try WholeFile.copy(file, to: copy) } catch {
          hasGone = true
          continue
        }
        merged.insert(identity)
        let cure =
          " It is one shard's copy: if it is damaged, remove it and start the shard again: bench submit ENGINE --job "
          + "\(Shell.quoted(job.path)) --missing."
        do {
          let store = try Store(path: copy.path, access: .unchanging)
          merge(store, named: file.path, weights: shard.weights, cure: cure)
          try store.close()
        } catch {
          fail(error, copy.path, named: file.path, cure)
        }
      }
      if !hasGone { return }
      usleep(500_000)
    }
  }

  private mutating func merge(_ store: Store, named path: String, weights: TrialFolder, cure: String) {
    do {
      let counts = try target.mergeResults(from: store) { digest in
        guard !FileManager.default.fileExists(atPath: self.weights.path(key: digest)),
          let file = try weights.load(key: digest)
        else { return }
        guard ContentDigest.hex(of: file) == digest else {
          throw OperationalError(
            "\(weights.path(key: digest)): is not the file that a trial wrote: its SHA-256 is another")
        }
        try self.weights.save(file, key: digest)
      }
      outcome.taken += counts.taken
      outcome.equal += counts.equal
    } catch {
      fail(error, store.path, named: path, cure)
    }
  }

  /// Keeps an error, with the file's own name in the place of its copy's.
  private mutating func fail(_ error: any Error, _ copy: String, named path: String, _ cure: String) {
    outcome.errors.append(SystemReason.text(error).replacingOccurrences(of: copy, with: path) + cure)
  }

  private mutating func tell(of manifest: JobManifest, at job: JobFolder) throws {
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
  }
}
