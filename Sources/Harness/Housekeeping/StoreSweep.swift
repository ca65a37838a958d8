import Experiments
import Files
import Foundation
import Presentation
import Tracking
import Training

/// What lies in and beside a store and is of no use any more.
package struct StoreSweep: Printable, Sendable {
  /// Files of one kind.
  private struct Finding: Sendable {
    var kind: Kind
    var files: [Litter]

    var bytes: Int { files.reduce(0) { $0 + $1.size } }
  }

  /// A file as it was when it was looked at, or a draft, which may be a folder.
  private enum Litter: Sendable {
    case file(FileIdentity)
    case draft(URL, size: Int)

    init(draft: URL) { self = .draft(draft, size: Draft.bytes(of: draft)) }

    var size: Int {
      switch self {
      case .file(let file): file.size
      case .draft(_, let size): size
      }
    }

    /// The name without its ending: a key or a digest.
    var key: String? {
      guard case .file(let file) = self else { return nil }
      return file.url.deletingPathExtension().lastPathComponent
    }

    func remove() throws(FileError) {
      switch self {
      case .file(let file): try file.remove()
      case .draft(let place, _): try Draft.remove(leftover: place)
      }
    }
  }

  private enum Kind: String, Sendable {
    case weights, checkpoints, drafts, backups

    /// What they are, for people.
    var title: String {
      switch self {
      case .weights: "weight files that no trial names"
      case .checkpoints: "checkpoints of trials that ended or are gone"
      case .drafts: "drafts that dead processes left"
      case .backups: "copies of older stores"
      }
    }
  }

  private let path: String
  private let findings: [Finding]
  /// Copies of older stores that stay.
  private let keptBackups: [FileIdentity]
  private let freeBytes: Int
  private let running: [RunningTrial]

  /// Looks at a store and its folders; changes nothing.
  ///
  /// - Parameters:
  ///   - path: the store.
  ///   - backupDays: copies that were made of older stores before they were brought up to date are swept when they are
  ///     older than so many days; `nil` is never.
  /// - Throws: `StoreError` where there is no store.
  package init(store path: String, backupDays: Double? = nil) throws {
    let folders = StoreFolders(store: path)
    // Files first, then rows: a file of a trial that is at work meanwhile has no row yet, and is not looked at.
    func files(_ folder: TrialFolder) -> [(String, URL)] {
      folder.keys().filter(Self.isOurs).map { ($0, URL(filePath: folder.path(key: $0))) }
    }
    let (weights, checkpoints) = (files(folders.weights), files(folders.checkpoints))
    let identities = Dictionary(
      (weights + checkpoints).compactMap { _, url in FileIdentity(url).map { (url, $0) } }
    ) { first, _ in first }
    let store = try Store(path: path, access: .readOnly)
    let (named, unfinished) = try (store.weightDigests(), store.unfinishedTrials())
    let limit = backupDays.map { Date.now.addingTimeInterval(-$0 * 86_400) }
    let backups = store.backups.filter { Self.isOld($0, limit) }
    func finding(_ kind: Kind, _ urls: [URL]) -> Finding {
      Finding(kind: kind, files: urls.compactMap { identities[$0] ?? FileIdentity($0) }.map(Litter.file))
    }
    findings = [
      finding(.weights, weights.filter { !named.contains($0.0) }.map(\.1)),
      finding(.checkpoints, checkpoints.filter { !unfinished.contains($0.0) }.map(\.1)),
      Finding(kind: .drafts, files: Self.drafts(beside: path, folders).map(Litter.init(draft:))),
      finding(.backups, backups),
    ]
    keptBackups = store.backups.filter { !backups.contains($0) }.compactMap(FileIdentity.init)
    (self.path, freeBytes) = (path, try store.freeBytes())
    running = try store.atWork()
  }

  /// Whether a name is one that this program gives: a trial's key or a file's digest, SHA-256 in hexadecimal.
  private static func isOurs(_ key: String) -> Bool {
    key.utf8.count == 64
      && key.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  private static func drafts(beside path: String, _ folders: StoreFolders) -> [URL] {
    let folder = URL(filePath: path).deletingLastPathComponent()
    return folders.weights.drafts + folders.checkpoints.drafts
      + ["", "-journal"].flatMap { Draft.leftovers(in: folder, suffix: $0) }
  }

  private static func isOld(_ url: URL, _ limit: Date?) -> Bool {
    let written = try? FileManager.default.attributesOfItem(atPath: url.path)[.modificationDate] as? Date
    guard let limit, let written else { return false }
    return written < limit
  }

  /// The files that are to go.
  package var files: Int { findings.reduce(0) { $0 + $1.files.count } }

  /// Why nothing may be swept now; `nil` where it may.
  package var obstacle: String? { Self.obstacle(running) }

  private static func obstacle(_ running: [RunningTrial]) -> String? {
    guard let first = running.first else { return nil }
    return "study \(PlainText.oneLine(first.study)) is at work: \(first.processText) trains trial "
      + "\(first.key.prefix(12))\(first.silence); wait for it, or stop it"
  }

  /// Removes the files, and writes the store anew without the space that holds nothing.
  ///
  /// - Returns: bytes by which files and store are smaller now.
  /// - Throws: ``OperationalError`` where a trial is at work, and `FileError`.
  package func perform() throws -> Int {
    // The log, too: closing the store brings what it holds into the file.
    func size() -> Int { ["", "-wal"].reduce(0) { $0 + (FileIdentity(URL(filePath: path + $1))?.size ?? 0) } }
    let before = size()
    let store = try Store(path: path, access: .readWrite)
    do {
      if let obstacle = Self.obstacle(try store.atWork()) { throw OperationalError(obstacle) }
      let (named, unfinished) = try (store.weightDigests(), store.unfinishedTrials())
      var bytes = 0
      for finding in findings {
        for file in finding.files {
          // A study that came and went since may have them.
          if finding.kind == .weights, let key = file.key, named.contains(key) { continue }
          if finding.kind == .checkpoints, let key = file.key, unfinished.contains(key) { continue }
          try file.remove()
          bytes += file.size
        }
      }
      if try store.freeBytes() > 0 { try store.giveSpaceBack() }
      try store.close()
      return bytes + max(0, before - size())
    } catch {
      try? store.close()
      throw error
    }
  }

  // MARK: Output

  /// One row per kind of thing.
  package var printout: Printout { Printout(title: "What is swept", sections: sections, table: table, json: json) }

  private var sections: [Section] {
    let notes =
      (obstacle.map { [$0] } ?? [])
      + (keptBackups.isEmpty
        ? []
        : [
          "\(keptBackups.count == 1 ? "1 copy of an older store" : "\(keptBackups.count) copies of older stores"), "
            + "\(NumberText.bytes(keptBackups.reduce(0) { $0 + $1.size })), kept; --backups-older-than DAYS sweeps old ones"
        ])
    return [Section(id: "swept", title: "Kinds", blocks: [.table(table)] + (notes.isEmpty ? [] : [.list(notes)]))]
  }

  private var table: Table {
    var table = Table([
      .init("what"), .init("files", isNumeric: true), .init("space", isNumeric: true, name: "bytes"),
    ])
    table.rows =
      findings.map { finding in
        [
          .init(finding.kind.title, value: .string(finding.kind.rawValue)), .count(finding.files.count),
          Self.bytes(finding.bytes),
        ]
      } + [
        [
          .init("space in the store that holds nothing", value: "store"), .init("", value: .null),
          Self.bytes(freeBytes),
        ]
      ]
    return table
  }

  private static func bytes(_ bytes: Int) -> Table.Cell {
    .init(bytes == 0 ? "" : NumberText.bytes(bytes), value: .integer(bytes))
  }

  private var json: JSONValue {
    [
      "schema": 1, "store": .string(path), "swept": table.json, "kept_backups": .integer(keptBackups.count),
      "obstacle": obstacle.map { .string($0) } ?? .null,
    ]
  }
}
