import Experiments
import Foundation
import Presentation

/// What was written, and what could not be.
public struct ReportOutcome: Sendable, Hashable {
  /// The report's own folder.
  public var folder: URL
  /// The names of the charts that were drawn.
  public var charts: [String]
  /// Why charts are missing; `nil` where none is.
  public var chartProblem: String?
}

/// Why a report could not be written.
public enum ReportError: Error, Hashable, CustomStringConvertible {
  /// The folder is there and holds something else.
  case notAReport(path: String, lacks: String = "results.json")
  /// The file system said no.
  case cannotWrite(path: String, reason: String)

  /// Where, what was found, and how to mend it.
  public var description: String {
    switch self {
    case .notAReport(let path, let lacks):
      "\(path): is there already and is no report of bench's (it has no \(lacks) of one); move it away, or choose "
        + "another folder for reports"
    case .cannotWrite(let path, let reason): "\(path): the report can't be written: \(reason)"
    }
  }
}

extension Report {
  /// The name of the folder that the report of a study called `study` lies in: safe for any file system, and
  /// distinct for distinct names.
  public static func folderName(for study: String) -> String { FolderName.safe(study) }

  /// The folder in a report that pictures of single trials lie in; it outlives the report's renewal.
  static let trialsFolder = "trials"

  /// Writes the report into a folder of its own in `reports`: `README.md`, `index.html`, `results.csv`,
  /// `results.json`, `charts/`. The report of a revision that is not the latest has a folder beside the study's.
  ///
  /// It is written beside its place and moved there whole, so that what was there before stays until then. Where
  /// charts can't be drawn, all else is written, their scripts and data included.
  /// - Throws: ``ReportError``.
  public func write(into reports: URL) async throws(ReportError) -> ReportOutcome {
    let name = Self.folderName(for: analysis.record.name)
    let isOlder = analysis.options.latestRevision != nil
    let folder = reports.appending(
      path: isOlder ? "\(name)-revision-\(analysis.record.revision)" : name, directoryHint: .isDirectory)
    try Self.checkReplaceable(folder, file: "results.json", schema: JSONForm.schemaName)
    let draft = ReportDraft(for: folder)
    do {
      let outcome = try await write(draft: draft.folder, for: folder)
      try draft.takePlace(keeping: Self.trialsFolder)
      return outcome
    } catch {
      draft.remove()
      throw error as? ReportError
        ?? .cannotWrite(path: folder.path(percentEncoded: false), reason: error.localizedDescription)
    }
  }

  private func write(draft: URL, for folder: URL) async throws -> ReportOutcome {
    let charts = draft.appending(path: "charts", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: charts, withIntermediateDirectories: true)
    async let csv = CSVForm.render(analysis)
    async let json = JSONForm.render(analysis)
    let (drawn, problem) = try await Gnuplot.draw(
      StudyCharts.all(analysis), in: charts, program: analysis.options.gnuplot)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: draft.appending(path: name))
    }
    try write(MarkdownForm.render(analysis, charts: drawn, chartProblem: problem), "README.md")
    try write(PageForm.render(analysis, charts: drawn, chartProblem: problem), "index.html")
    try write(await csv, "results.csv")
    try write(await json, "results.json")
    return ReportOutcome(folder: folder, charts: drawn.map(\.name), chartProblem: problem)
  }

  /// A folder that holds something else is never taken away: one with no `file` that names the schema.
  static func checkReplaceable(_ folder: URL, file: String, schema: String) throws(ReportError) {
    let path = folder.path(percentEncoded: false)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      if FileManager.default.fileExists(atPath: path) { throw .notAReport(path: path, lacks: file) }
      return
    }
    guard names.contains(where: { $0 != Self.trialsFolder }) else { return }
    let results = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
    guard results?.prefix(200).contains("\"\(schema)\"") == true else {
      throw .notAReport(path: path, lacks: file)
    }
  }
}
