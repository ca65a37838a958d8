import Foundation

extension Gnuplot {
  /// Writes scripts and data, then draws as many as there are cores for at a time.
  ///
  /// - Parameter program: gnuplot's name or path; `nil` draws none.
  /// - Returns: The charts that were drawn, with their pictures, and why others are missing.
  static func draw(
    _ charts: [Chart], in folder: URL, program: String?
  ) async throws -> (drawn: [Chart], problem: String?) {
    for chart in charts {
      try Data(chart.script.utf8).write(to: folder.appending(path: "\(chart.name).gp"))
      try Data(chart.data.utf8).write(to: folder.appending(path: "\(chart.name).tsv"))
    }
    guard let program else { return ([], "There are no charts: none were asked for.") }
    let problems = await withTaskGroup(of: (Int, String?).self) { group in
      for (index, chart) in charts.enumerated() {
        group.addTask {
          do throws(Gnuplot.Failure) {
            try await Gnuplot.draw(chart.name, in: folder, program: program)
            return (index, nil)
          } catch {
            return (index, error.message)
          }
        }
      }
      return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    var drawn: [Chart] = []
    for (index, chart) in charts.enumerated() where problems[index] == nil {
      let file = folder.appending(path: "\(chart.name).svg")
      var chart = chart
      chart.svg = SVG.titled(try String(contentsOf: file, encoding: .utf8), chart.title)
      try Data((chart.svg ?? "").utf8).write(to: file)
      drawn.append(chart)
    }
    guard let first = problems.min(by: { $0.key < $1.key })?.value else { return (drawn, nil) }
    let missing = drawn.isEmpty ? "There are no charts" : "\(problems.count) of \(charts.count) charts are missing"
    return (drawn, "\(missing): \(first).")
  }
}
