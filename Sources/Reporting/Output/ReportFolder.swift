import Files
import Foundation
import Presentation

/// A report's folder: its name, the pictures in it that outlive a renewal, and whether it may be replaced.
package enum ReportFolder {
  /// The name of the folder of the report on a study called `study`: safe for any file system, and distinct for distinct
  /// names.
  package static func name(for study: String) -> String { FolderName.safe(study) }

  /// Where a study's report lies, or that of an older revision of it.
  package static func place(of study: String, revision: Int?, in reports: URL) -> URL {
    reports.appending(
      path: revision.map { "\(name(for: study))-revision-\($0)" } ?? name(for: study), directoryHint: .isDirectory)
  }

  /// The page in a report's folder.
  package static let page = "index.html"

  /// The names of the folders with pictures of single trials: beginnings of their keys.
  static func trialFolders(in folder: URL) -> [String] {
    let path = folder.appending(path: trials).path(percentEncoded: false)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The folder in a report that pictures of single trials lie in; it outlives the report's renewal.
  static let trials = "trials"

  /// A folder that holds something else is never replaced: one without a `file` that names the schema.
  static func checkReplaceable(_ folder: URL, file: String, schema: String) throws(ReportError) {
    let path = folder.path(percentEncoded: false)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      if FileManager.default.fileExists(atPath: path) { throw .notAReport(path: path, lacks: file) }
      return
    }
    guard names.contains(where: { $0 != trials }) else { return }
    let results = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
    guard results?.prefix(200).contains("\"\(schema)\"") == true else {
      throw .notAReport(path: path, lacks: file)
    }
  }
}

/// The files that were written, and the charts that could not be drawn.
package struct ReportOutcome: Sendable, Hashable {
  /// The report's own folder.
  package var folder: URL
  /// The names of the charts that were drawn.
  package var charts: [String]
  /// Why charts are missing; `nil` where none is.
  package var chartError: String?
}

/// Why a report could not be written.
package enum ReportError: Error, Hashable, CustomStringConvertible {
  /// The folder is there and holds something else.
  case notAReport(path: String, lacks: String = "results.json")
  /// The file system said no.
  case cannotWrite(FileError)

  /// The place, the finding, and how to fix it.
  package var description: String {
    switch self {
    case .notAReport(let path, let lacks):
      "\(path): is there already and is not a report of bench's (it has no \(lacks) of one); move it away, or choose "
        + "another folder for reports"
    case .cannotWrite(let error): "\(error.path): the report can't be written: \(error.reason)"
    }
  }
}
