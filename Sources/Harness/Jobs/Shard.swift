import Datasets
import Experiments
import Foundation
import Presentation

/// A shard of a job, with the study that it is a part of: what a process must have seen before it trains.
package struct Shard: Sendable {
  /// The shard's number, from 0.
  package let index: Int
  /// How the study was cut.
  package let manifest: JobManifest
  /// The study with its data.
  package let prepared: PreparedStudy
  /// Something that a person should know before the training, one line each.
  package let notices: [String]
  let folder: ShardFolder
  let job: JobFolder
  /// The keys of its trials.
  let keys: Set<String>

  /// Reads the job folder and the data, and sees that they are what the job was made of.
  ///
  /// - Parameters:
  ///   - job: the job folder.
  ///   - index: the shard's number, or `auto`.
  ///   - data: the folder of the known data sets.
  ///   - scratch: a folder of this machine that the data sets are copied to first; `nil` reads them where they are.
  /// - Throws: ``OperationalError`` where this program, the grid or the data would make other trials of it.
  package init(
    _ job: JobFolder, index text: String, data: DataRoot, copyingDataTo scratch: String? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    manifest = try job.readManifest()
    index = try ShardIndex.read(text, of: manifest.shards, environment: environment)
    (self.job, folder, keys) = (job, job.shard(index), manifest.keys(of: index))
    guard manifest.numerics == NumericsVersion.current else {
      throw OperationalError(
        "\(job.path): the job was made by bench \(manifest.program), whose numbers are version \(manifest.numerics); this "
          + "program, bench \(Provenance.programVersion), computes version \(NumericsVersion.current), and its trials would "
          + "be others. Run the program that made the job (BENCH_PROGRAM names it in its script), or submit the study anew."
      )
    }
    notices =
      manifest.program == Provenance.programVersion
      ? []
      : [
        "bench \(manifest.program) made the job, and this is bench \(Provenance.programVersion): both compute version "
          + "\(manifest.numerics) of the numbers, so the results are the same"
      ]
    let grid = try readFile(job.grid)
    guard ContentDigest.hex(of: grid) == manifest.gridDigest else {
      throw OperationalError(
        "\(job.grid.path): is not the grid that the job was made of: its SHA-256 is not the manifest's. Submit the edited "
          + "grid into a folder of its own.")
    }
    var data = data
    if let scratch { data = try DataCopy.make(of: manifest.data, from: data, to: scratch) }
    let source = try GridSource(
      path: job.grid.path, data: data, folder: URL(filePath: manifest.gridFolder, directoryHint: .isDirectory))
    let prepared = try PreparedStudy(source)
    self.prepared = prepared
    let found = prepared.data
    for expected in manifest.data {
      let digests = found.filter { $0.name == expected.name }.map { $0.digest }
      guard let digest = digests.first, !digests.contains(expected.digest) else { continue }
      throw OperationalError(
        "\(expected.name): the data here, in \(data.path), is not the data that the job was made of: its digest is "
          + "\(digest.prefix(12))…, the manifest has \(expected.digest.prefix(12))…. Bring the same files here, or name "
          + "their folder with --data.")
    }
    guard keys.isSubset(of: prepared.identity.keys) else {
      throw OperationalError(
        "\(job.path): the grid gives other trials here than where the job was made, and neither the program's numbers nor "
          + "the data sets differ: a weight file that the grid starts from must have changed. Submit the study anew.")
    }
  }
}

extension PreparedStudy {
  /// The data sets and their digests, each once, in the order of the configurations.
  var data: [JobManifest.Data] {
    var seen: Set<String> = []
    return zip(study.configurations, identity.configurations).compactMap { named, identity in
      guard seen.insert(identity.dataDigest).inserted else { return nil }
      return JobManifest.Data(name: named.dataset.name, digest: identity.dataDigest)
    }
  }
}
