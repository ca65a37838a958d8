import Files
import Foundation
import Presentation

/// The gnuplot program: what every script begins with, and how it is run.
enum Gnuplot {
  /// One look for all charts.
  static let preamble = [
    "set encoding utf8", "set datafile separator tab", "set datafile missing 'NaN'", "unset key",
    "set border 3 linecolor rgb '\(ChartPalette.muted)' linewidth 1",
    "set tics nomirror out scale 0.6 textcolor rgb '\(ChartPalette.muted)'",
    "set grid ytics linetype 1 linewidth 0.8 linecolor rgb '\(ChartPalette.grid)'",
  ]

  static func terminal(_ kind: String, width: Int, height: Int) -> String {
    kind == "svg"
      ? "set terminal svg size \(width),\(height) dynamic noenhanced font 'sans-serif,15' background '\(ChartPalette.paper)'"
      : "set terminal pngcairo size \(2 * width),\(2 * height) noenhanced font 'sans-serif,11.3' fontscale 2 "
        + "linewidth 2 pointscale 2 background '\(ChartPalette.paper)'"
  }

  /// Runs the script of a chart in the folder that it lies in.
  ///
  /// Settings of the user's own are not read. No version is asked for: the only question is whether it draws.
  /// - Throws: ``GnuplotError`` where the program is not there, fails, or draws nothing within a minute.
  static func draw(_ name: String, in folder: URL, program: String) throws(GnuplotError) {
    let process: ChildProcess
    do {
      process = try ChildProcess(program, ["-d", "\(name).gp"], folder: folder.path(percentEncoded: false))
    } catch {
      throw GnuplotError(message: "\(program) could not be started; install gnuplot-nox, or name the program")
    }
    guard case .ended(let status, _, let errors) = process.outcome(seconds: 60) else {
      throw GnuplotError(message: "\(program) did not finish \(name).gp within a minute")
    }
    guard status == 0 else { throw GnuplotError(message: "\(program) failed on \(name).gp: \(said(errors))") }
    for kind in ["svg", "png"] {
      let size =
        try? FileManager.default.attributesOfItem(
          atPath: folder.appending(path: "\(name).\(kind)").path(percentEncoded: false))[.size] as? Int
      guard (size ?? 0) > 0 else { throw GnuplotError(message: "\(program) left no \(name).\(kind)") }
    }
  }

  /// Writes scripts and data, then draws as many as there are cores for at a time.
  ///
  /// - Parameter program: gnuplot's name or path; `nil` draws none.
  /// - Returns: The charts that were drawn, with their pictures, and why others are missing.
  static func draw(
    _ charts: [Chart], in folder: URL, program: String?
  ) async throws -> (drawn: [Chart], error: String?) {
    for chart in charts {
      try Data(chart.script.utf8).write(to: folder.appending(path: "\(chart.name).gp"))
      try Data(chart.data.utf8).write(to: folder.appending(path: "\(chart.name).tsv"))
    }
    guard let program else { return ([], "There are no charts: none were asked for.") }
    let errors = await withTaskGroup(of: (Int, String?).self) { group in
      for (index, chart) in charts.enumerated() {
        group.addTask {
          do throws(GnuplotError) {
            try Gnuplot.draw(chart.name, in: folder, program: program)
            return (index, nil)
          } catch {
            return (index, error.message)
          }
        }
      }
      return await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    var drawn: [Chart] = []
    for (index, chart) in charts.enumerated() where errors[index] == nil {
      let file = folder.appending(path: "\(chart.name).svg")
      var chart = chart
      chart.svg = SVG.titled(try String(contentsOf: file, encoding: .utf8), chart.title)
      try Data((chart.svg ?? "").utf8).write(to: file)
      drawn.append(chart)
    }
    guard let first = errors.min(by: { $0.key < $1.key })?.value else { return (drawn, nil) }
    let missing = drawn.isEmpty ? "There are no charts" : "\(errors.count) of \(charts.count) charts are missing"
    return (drawn, "\(missing): \(first).")
  }

  private static func said(_ text: String) -> String {
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    return lines.isEmpty ? "it gave no reason" : lines.suffix(3).joined(separator: " ")
  }
}

/// Why there is no picture.
struct GnuplotError: Error, Hashable {
  var message: String
}
