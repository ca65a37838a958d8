import Experiments
import Files
import Foundation
import Presentation

extension Report {
  /// Writes the report into a folder of its own in `reports`: `README.md`, `index.html`, `results.csv`,
  /// `results.json`, `charts/`. The report of a revision that is not the latest has a folder beside the study's.
  ///
  /// It is written beside its place and moved there whole, so that what was there before stays until then. Where
  /// charts can't be drawn, all else is written, their scripts and data included.
  /// - Throws: ``ReportError``.
  package func write(into reports: URL) async throws(ReportError) -> ReportOutcome {
    let name = ReportFolder.name(for: analysis.record.name)
    let isOlder = analysis.options.latestRevision != nil
    let folder = reports.appending(
      path: isOlder ? "\(name)-revision-\(analysis.record.revision)" : name, directoryHint: .isDirectory)
    try ReportFolder.checkReplaceable(folder, file: "results.json", schema: ReportJSON.schemaName)
    let draft = ReportDraft(for: folder)
    do {
      let outcome = try await write(draft: draft.folder, for: folder)
      try draft.takePlace(keeping: ReportFolder.trials)
      return outcome
    } catch {
      draft.remove()
      throw error as? ReportError
        ?? .cannotWrite(FileError(path: folder.path(percentEncoded: false), error))
    }
  }

  private func write(draft: URL, for folder: URL) async throws -> ReportOutcome {
    let charts = draft.appending(path: "charts", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: charts, withIntermediateDirectories: true)
    async let csv = ReportCSV.render(analysis.study)
    async let json = ReportJSON.render(analysis)
    let (drawn, error) = try await Gnuplot.draw(
      StudyCharts.all(analysis), in: charts, program: analysis.options.gnuplot)
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: draft.appending(path: name))
    }
    try write(ReportMarkdown.render(analysis, charts: drawn, chartError: error), "README.md")
    try write(ReportPage.render(analysis, charts: drawn, chartError: error), "index.html")
    try write(await csv, "results.csv")
    try write(await json, "results.json")
    return ReportOutcome(folder: folder, charts: drawn.map(\.name), chartError: error)
  }
}
