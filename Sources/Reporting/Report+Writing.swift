import Experiments
import Files
import Foundation
import Presentation

extension Report {
  /// Writes the report into a folder of its own in `reports`: `README.md`, `index.html`, `results.csv`,
  /// `results.json`, the grid as `grid.json` where the store has its text, `charts/`. The report of a revision that is not the latest has a folder beside the study's.
  ///
  /// It is written beside its place and moved there whole, so that what was there before stays until then. Where
  /// charts can't be drawn, all else is written, their scripts and data included.
  ///
  /// - Parameter renewalSeconds: how often an open page looks for a newer one; `nil` where none will be written.
  /// - Throws: ``ReportError``.
  package func write(into reports: URL, renewalSeconds: Int? = nil) async throws(ReportError) -> ReportOutcome {
    let folder = ReportFolder.place(
      of: analysis.record.name, revision: analysis.options.latestRevision == nil ? nil : analysis.record.revision,
      in: reports)
    try ReportFolder.checkReplaceable(folder, file: "results.json", schema: ReportJSON.schemaName)
    let draft = FolderDraft(for: folder)
    do {
      let outcome = try await write(draft: draft.folder, for: folder, renewalSeconds)
      try draft.takePlace(keeping: ReportFolder.trials)
      return outcome
    } catch {
      draft.remove()
      throw error as? ReportError
        ?? .cannotWrite(FileError(path: folder.path(percentEncoded: false), error))
    }
  }

  private func write(draft: URL, for folder: URL, _ renewalSeconds: Int?) async throws -> ReportOutcome {
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
    try write(await csv, "results.csv")
    try write(await json, "results.json")
    let grid = analysis.record.importedFile == nil ? analysis.record.gridText : ""
    if !grid.isEmpty { try write(grid, "grid.json") }
    let surroundings = PageSurroundings(
      links: ["results.csv", "results.json"] + (grid.isEmpty ? [] : ["grid.json"]) + ["README.md", "charts/"],
      trialFolders: ReportFolder.trialFolders(in: folder), renewalSeconds: renewalSeconds)
    try write(ReportPage.render(analysis, charts: drawn, chartError: error, in: surroundings), "index.html")
    return ReportOutcome(folder: folder, charts: drawn.map(\.name), chartError: error)
  }
}
