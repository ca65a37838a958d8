import Experiments
import Files
import Foundation

/// Gets known data sets from their public mirrors with curl, checks them and moves them into place.
///
/// Received bytes stay in `<folder>.partial` until it is whole, so that an interrupted fetch goes on where it
/// stopped.
package struct DatasetFetcher: Sendable {
  /// Where the data sets go.
  package let root: DataRoot
  /// Addresses of folders that are asked instead of the public mirrors; `nil` asks those.
  package let mirrors: [String]?
  /// After how many seconds without a byte a mirror is given up.
  package let stallSeconds: Int
  /// How many seconds one mirror may take for a file; `nil` allows what the file takes at 10 kB per second.
  package let timeoutSeconds: Int?

  /// The names of the data sets that can be fetched.
  package static var names: [String] { KnownDataset.published.map(\.name) }

  /// Creates a fetcher.
  package init(
    root: DataRoot = DataRoot(), mirrors: [String]? = nil, stallSeconds: Int = 30, timeoutSeconds: Int? = nil
  ) {
    (self.root, self.mirrors) = (root, mirrors)
    (self.stallSeconds, self.timeoutSeconds) = (stallSeconds, timeoutSeconds)
  }

  /// Fetches a data set, unless it is there and whole.
  ///
  /// - Parameter progress: called several times per second, and at the end of each file.
  /// - Returns: the folder, and whether anything had to be fetched.
  package func fetch(
    _ name: String, progress: (FetchProgress) -> Void = { _ in }
  ) throws(DatasetError) -> (folder: String, wasFetched: Bool) {
    guard let known = KnownDataset.named(name), let publication = known.publication, let folder = known.folders.first
    else { throw .notFetchable(name: name, fetchable: Self.names) }
    return try fetch(publication, into: folder, progress: progress)
  }

  /// - Parameter name: the folder below the root, and in an archive.
  func fetch(
    _ publication: KnownDataset.Publication, into name: String, progress: (FetchProgress) -> Void
  ) throws(DatasetError) -> (folder: String, wasFetched: Bool) {
    let folder = root.appending(name)
    if isComplete(publication, in: folder) { return (folder, false) }
    let staging = try StagingFolder(path: folder + ".partial", for: folder)
    for file in publication.files {
      let path = staging.appending(file.name)
      if !isRight(file, at: path) {
        let mirrors = (mirrors ?? publication.mirrors).map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        try Download(file: file, path: path, stallSeconds: stallSeconds, timeoutSeconds: timeoutSeconds)
          .run(mirrors: mirrors, progress: progress)
      }
    }
    if !publication.archived.isEmpty { try unpack(publication, of: name, in: staging) }
    try staging.moveIntoPlace()
    return (folder, true)
  }

  /// Whether all files are in place, by their digests; those of an archive by their presence alone.
  private func isComplete(_ publication: KnownDataset.Publication, in folder: String) -> Bool {
    guard publication.archived.isEmpty else {
      return publication.archived.allSatisfy { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }
    return publication.files.allSatisfy { file in
      let path = "\(folder)/\(file.name)"
      let unpacked = file.name.hasSuffix(".gz") ? String(path.dropLast(3)) : path
      return isRight(file, at: path) || (file.digestOf == .contents && isRight(file, at: unpacked))
    }
  }

  private func isRight(_ file: PublishedFile, at path: String) -> Bool {
    guard FileManager.default.fileExists(atPath: path) else { return false }
    if file.digestOf == .file, fileSize(of: path) != file.bytes { return false }
    return (try? file.digest(at: path)) == file.digest
  }

  private func fileSize(of path: String) -> Int? {
    try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
  }

  /// Takes the named files out of the archive, `tar.gz` or `zip`, and removes it.
  private func unpack(
    _ publication: KnownDataset.Publication, of folder: String, in staging: StagingFolder
  ) throws(DatasetError) {
    let purpose = "unpack \(publication.files[0].name)"
    let archive = staging.appending(publication.files[0].name)
    let names = publication.archived.map { "\(publication.archiveFolder ?? folder)/\($0)" }
    let (program, arguments): (SystemProgram, [String]) =
      archive.hasSuffix(".zip")
      ? (.unzip, ["-q", "-o", "-j", archive] + names + ["-d", staging.path])
      : (.tar, ["-xzf", archive, "-C", staging.path, "--strip-components=1", "--no-same-owner", "--"] + names)
    let end = try ChildProcess(program, arguments, for: purpose).finish()
    guard end.status == 0 else {
      throw .programFailed(name: program.rawValue, purpose: purpose, reason: end.message)
    }
    try staging.remove(publication.files[0].name)
  }
}

/// How far a fetch is.
package struct FetchProgress: Hashable, Sendable {
  /// The file that is being fetched.
  package var file: String
  /// The address that it comes from.
  package var url: String
  /// Bytes that are here, those of earlier attempts included.
  package var receivedBytes: Int
  /// Bytes that were published.
  package var totalBytes: Int
}
