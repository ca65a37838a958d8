import Foundation

extension StudyHistory {
  /// Writes the history into a folder: `README.md`, `history.json` and `charts/`.
  ///
  /// What was there before stays until all is written. Where charts can't be drawn, their scripts and data are written
  /// all the same.
  /// - Parameter gnuplot: The gnuplot program, by name or path; `nil` draws no charts.
  /// - Throws: ``ReportError``, where the folder holds something else, say.
  public func write(into folder: URL, gnuplot: String? = "gnuplot") async throws(ReportError) -> ReportOutcome {
    try Report.checkReplaceable(folder, file: "history.json", schema: Self.schemaName)
    let draft = ReportDraft(for: folder.standardizedFileURL)
    do {
      let charts = draft.folder.appending(path: "charts", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: charts, withIntermediateDirectories: true)
      let (drawn, problem) = try await Gnuplot.draw(HistoryChart.all(self), in: charts, program: gnuplot)
      try Data(markdown(charts: drawn, chartProblem: problem).utf8).write(to: draft.folder.appending(path: "README.md"))
      try Data(json.utf8).write(to: draft.folder.appending(path: "history.json"))
      try draft.takePlace(keeping: Report.trialsFolder)
      return ReportOutcome(folder: folder, charts: drawn.map(\.name), chartProblem: problem)
    } catch {
      draft.remove()
      throw error as? ReportError
        ?? .cannotWrite(path: folder.path(percentEncoded: false), reason: error.localizedDescription)
    }
  }
}
