import Files
import Foundation
import Presentation

/// A folder of event files for TensorBoard: the files that are ours in it, and whether it may be written to.
///
/// A file `bench-study.json` says whose it is, and which trial each run shows. Event files are named `events.out.tfevents.NUMBER.bench`; a later number
/// comes later, as TensorBoard reads them.
package struct TensorBoardFolder: Sendable {
  /// The folder.
  package let url: URL
  /// The study whose folder it is.
  let study: String

  /// Names a folder, which need not be there.
  package init(_ url: URL, of study: String) { (self.url, self.study) = (url.standardizedFileURL, study) }

  /// The file that says whose folder it is.
  static let marker = "bench-study.json"
  private static let schema = "bench.tensorboard"

  /// What a run shows.
  struct Run: Hashable {
    /// The trial's key.
    var trial: String
    /// The execution whose end the run has, and when that began, in seconds since 1970; `nil` where the run may show
    /// anything of the trial.
    var attempt: Int?
    var begin: Double?
  }

  /// What ``marker`` holds.
  ///
  /// - Parameter runs: by their paths in the folder.
  func markerText(_ runs: [String: Run]) -> String {
    JSONValue.object([
      .init("schema", .string(Self.schema)), .init("schema_version", 1), .init("study", .string(study)),
      .init(
        "runs",
        .object(
          runs.sorted { $0.key < $1.key }.map { path, run in
            .init(
              path,
              [
                "trial": .string(run.trial), "attempt": .optional(run.attempt),
                "begin": run.begin.map { .double($0) } ?? .null,
              ])
          })),
    ]).prettyText
  }

  /// The runs that ``marker`` names; none where an older program wrote it.
  var runs: [String: Run] {
    var reader = JSONReader(Array((try? Data(contentsOf: url.appending(path: Self.marker))) ?? Data()))
    guard case .object(let members)? = (try? reader.read().value)?["runs"] else { return [:] }
    return Dictionary(
      members.compactMap { member in
        member.value["trial"]?.string.map {
          (member.key, Run(trial: $0, attempt: member.value["attempt"]?.int, begin: member.value["begin"]?.double))
        }
      }
    ) { first, _ in first }
  }

  /// Says which runs there are.
  ///
  /// - Throws: `FileError`.
  func mark(_ runs: [String: Run]) throws(FileError) {
    try WholeFile.write(Data(markerText(runs).utf8), to: url.appending(path: Self.marker))
  }

  /// The name of an event file.
  static func eventFile(_ number: Int) -> String {
    let digits = "\(number)"
    return "events.out.tfevents.\(String(repeating: "0", count: max(0, 10 - digits.count)))\(digits).bench"
  }

  /// Whether a file is one that this program writes in such a folder.
  private static func isOurs(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isEventFile =
      parts.count == 5 && name.hasPrefix("events.out.tfevents.") && parts[4] == "bench" && parts[3].count >= 10
      && parts[3].allSatisfy { $0.isASCII && $0.isNumber }
    return isEventFile || name == marker || name.hasPrefix(".\(marker).") || name.hasPrefix(".\(draftStem).")
  }

  /// What the drafts of files in the folder are called: nothing that TensorBoard reads.
  private static let draftStem = "bench-draft"

  /// Sees that the folder is not there, or is empty, or holds what this program wrote of the same study and nothing else.
  ///
  /// - Throws: ``TensorBoardError``.
  package func check() throws {
    let files = FileManager.default
    // Without a slash at its end, by which a file would not be found.
    let path = url.path
    var isFolder: ObjCBool = false
    guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else { throw TensorBoardError.notAFolder(path: path) }
    guard let found = files.enumerator(atPath: path) else {
      throw TensorBoardError.unreadable(path: path)
    }
    var strangers: [String] = []
    var isEmpty = true
    for case let name as String in found {
      if found.fileAttributes?[.type] as? FileAttributeType == .typeDirectory { continue }
      isEmpty = false
      let isFile = found.fileAttributes?[.type] as? FileAttributeType == .typeRegular
      if !isFile || !Self.isOurs((name as NSString).lastPathComponent) { strangers.append(name) }
    }
    if let stranger = strangers.min() { throw TensorBoardError.foreign(path: path, file: stranger) }
    guard !isEmpty else { return }
    let marker = try? Data(contentsOf: url.appending(path: Self.marker))
    var reader = JSONReader(Array(marker ?? Data()))
    guard let value = try? reader.read().value, value["schema"]?.string == Self.schema else {
      throw TensorBoardError.unmarked(path: path)
    }
    let other = value["study"]?.string ?? ""
    if other != study { throw TensorBoardError.otherStudy(path: path, found: other, expected: study) }
  }

  /// Makes the folder where it is missing, with the file that says whose it is, and the study's own event file. Runs of
  /// trials that the study does not have go, and means that such runs were a part of.
  ///
  /// - Throws: ``TensorBoardError`` and `FileError`.
  package func prepare(_ study: TensorBoardStudy) throws {
    try check()
    let kept = runs.filter { path, run in study.trials[path] == run.trial }
    let there = eventRuns()
    var changed: Set<String> = []
    for run in there where kept[run] == nil && !Self.isMean(run) {
      try remove(run)
      changed.insert(Self.configuration(of: run))
    }
    for run in there where Self.isMean(run) {
      let configuration = Self.configuration(of: run)
      if changed.contains(configuration) || !study.folders.contains(configuration) { try remove(run) }
    }
    try WholeFile.makeFolder(url)
    try mark(study.trials.mapValues { Run(trial: $0) }.merging(kept) { _, known in known })
    try replace(in: ".", number: study.revision, study.rootRecords)
  }

  /// The runs of means and of what lies around them, below their configurations' folders.
  static let means = ["mean", "mean - sd", "mean + sd"]

  private static func isMean(_ run: String) -> Bool { means.contains { run.hasSuffix("/\($0)") } }

  private static func configuration(of run: String) -> String { (run as NSString).deletingLastPathComponent }

  /// The paths of the folders below this one that have event files.
  private func eventRuns() -> [String] {
    let names = (try? FileManager.default.subpathsOfDirectory(atPath: url.path)) ?? []
    let files = names.filter { ($0 as NSString).lastPathComponent.hasPrefix("events.") && $0.contains("/") }
    return Set(files.map { ($0 as NSString).deletingLastPathComponent }).sorted()
  }

  /// Removes a run, and the folders that are empty then; does nothing where there is none.
  ///
  /// - Throws: `FileError`.
  func remove(_ run: String) throws(FileError) {
    for number in eventNumbers(of: run) {
      try Draft.remove(leftover: folder(of: run).appending(path: Self.eventFile(number)))
    }
    var folder = folder(of: run)
    while folder.path.count > url.path.count, rmdir(folder.path) == 0 { folder = folder.deletingLastPathComponent() }
  }

  /// Where a run's files lie.
  func folder(of run: String) -> URL { url.appending(path: run, directoryHint: .isDirectory) }

  /// The numbers of the event files that a run has.
  func eventNumbers(of run: String) -> [Int] {
    let path = folder(of: run).path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasPrefix("events.") && Self.isOurs($0) }.compactMap { name in
      Int(name.split(separator: ".")[3])
    }.sorted()
  }

  /// Whether a run's last event file has the end of its trial, which is the last record.
  func hasEnd(_ run: String) -> Bool {
    guard let number = eventNumbers(of: run).last,
      let file = try? FileHandle(forReadingFrom: folder(of: run).appending(path: Self.eventFile(number)))
    else { return false }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: size - min(size, 128))
    let tail = (try? file.readToEnd()) ?? Data()
    return tail.range(of: Data(HParamsData.endTag.utf8)) != nil
  }

  /// Writes a run's event file whole and moves it to its place; the others go.
  ///
  /// - Throws: `FileError`.
  func replace(in run: String, number: Int, _ records: EventRecords) throws(FileError) {
    let folder = folder(of: run)
    try WholeFile.makeFolder(folder)
    // TensorBoard would read a draft that bears the name of an event file.
    try WholeFile.write(
      Data(records.bytes), to: folder.appending(path: Self.eventFile(number)), sweeps: false, stem: Self.draftStem)
    removeEvents(of: run, but: number)
  }

  /// Removes a run's event files but for one.
  func removeEvents(of run: String, but kept: Int?) {
    for number in eventNumbers(of: run) where number != kept {
      // One that can't be removed shows points twice and does no other harm.
      try? FileManager.default.removeItem(at: folder(of: run).appending(path: Self.eventFile(number)))
    }
  }
}

/// Why a folder can't be written for TensorBoard.
package enum TensorBoardError: Error, Hashable, CustomStringConvertible {
  /// Something else has its name.
  case notAFolder(path: String)
  /// It can't be looked into.
  case unreadable(path: String)
  /// It holds a file of somebody else's.
  case foreign(path: String, file: String)
  /// It holds files that look like ours, and nothing says of which study.
  case unmarked(path: String)
  /// It is another study's.
  case otherStudy(path: String, found: String, expected: String)

  /// Where, what was found, what is allowed, and how to fix it.
  package var description: String {
    let advice = "name a folder that is empty or not there yet, or move this one away"
    return switch self {
    case .notAFolder(let path): "\(path): is not a folder; \(advice)"
    case .unreadable(let path): "\(path): can't be looked into; \(advice)"
    case .foreign(let path, let file):
      "\(path): holds \(PlainText.oneLine(file)), which bench did not write, and is not touched; \(advice)"
    case .unmarked(let path):
      "\(path): is not empty, and has no \(TensorBoardFolder.marker) that says which study it is of; \(advice)"
    case .otherStudy(let path, let found, let expected):
      "\(path): holds the study \(PlainText.oneLine(found)), not \(PlainText.oneLine(expected)), and TensorBoard's page "
        + "HParams shows one study per folder; \(advice)"
    }
  }
}
