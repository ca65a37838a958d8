import ArgumentParser
import Experiments
import Foundation
import Presentation

/// `bench doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check what the program stands on: processor, BLAS, gnuplot, data sets, disk, store.",
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
    let findings = await Examination(store: store.path, data: data, gnuplot: gnuplot).findings()
    let isColoured =
      color == .always
      || color == .auto && isatty(STDOUT_FILENO) == 1
        && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    let palette = Palette(isColoured: isColoured)
    let table = Table(
      ["check", "state", "found"].map { .init($0) },
      texts: findings.map { [$0.check, $0.state.rawValue, $0.found] })
    let lines = { findings.map { line($0, palette) + "\n" }.joined() }
    print(Printout(table, json: table.json, own: [.text: lines]), as: format)
    if findings.contains(where: { $0.state == .bad }) { throw ExitStatus.operational.exit }
  }

  private func line(_ finding: Finding, _ palette: Palette) -> String {
    let mark =
      switch finding.state {
      case .good: palette.good("✓")
      case .lacking: palette.warn("–")
      case .bad: palette.bad("✗")
      }
    let lines = finding.found.split(separator: "\n", omittingEmptySubsequences: false).map {
      PlainText.oneLine(String($0))
    }
    return
      "\(mark) \(TerminalText.fitted(finding.check, 12))\(lines.joined(separator: "\n" + String(repeating: " ", count: 14)))"
  }
}
