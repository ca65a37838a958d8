import ArgumentParser
import Experiments
import Foundation
import Harness
import Presentation

/// `bench doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the things that the program depends on: processor, BLAS, gnuplot, data sets, disk, store.",
    discussion: "Exit codes: 0 all that training needs is sound, 1 something is not.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: ArgumentHelp("The gnuplot program.", valueName: "program"))
  var gnuplot = "gnuplot"

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @Option(help: "Colour the output. Environment: NO_COLOR.")
  var color: ColorChoice = .auto

  func run() async throws {
    let results = await HealthCheck(store: store.path, data: data.folder, gnuplot: gnuplot).results(warn: Terminal.say)
    let isColoured =
      color == .always
      || color == .auto && isatty(STDOUT_FILENO) == 1
        && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    let palette = Palette(isColoured: isColoured)
    let table = Table(
      ["check", "state", "found"].map { .init($0) },
      texts: results.map { [$0.check, $0.state.rawValue, $0.found] })
    if format == .text {
      StandardOutput.print(styled: results.map { line($0, palette) + "\n" }.joined())
    } else {
      print(Printout(table, json: table.json), as: format)
    }
    if results.contains(where: { $0.state == .bad }) { throw ExitStatus.operational.exit }
  }

  private func line(_ result: CheckResult, _ palette: Palette) -> String {
    let mark =
      switch result.state {
      case .good: palette.good("✓")
      case .missing: palette.warn("–")
      case .bad: palette.bad("✗")
      }
    let lines = result.found.split(separator: "\n", omittingEmptySubsequences: false).map {
      PlainText.oneLine(String($0))
    }
    return
      "\(mark) \(TerminalText.fitted(result.check, 12))\(lines.joined(separator: "\n" + String(repeating: " ", count: 14)))"
  }
}
