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

  @Option(help: "How to print it: text or json.")
  var format: OutputFormat = .text

  @Option(help: "Colour the output. Environment: NO_COLOR.")
  var color: ColorChoice = .auto

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format is \(format.rawValue); expected text or json")
    }
  }

  func run() async throws {
    let findings = await Examination(store: store.path, data: data, gnuplot: gnuplot).findings()
    if format == .json {
      print(
        JSONValue.array(
          findings.map {
            ["check": .string($0.check), "state": .string($0.state.rawValue), "found": .string($0.found)]
          }
        ).prettyText)
    } else {
      let isColoured =
        color == .always
        || color == .auto && isatty(STDOUT_FILENO) == 1
          && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
      let palette = Palette(isColoured: isColoured)
      for finding in findings { print(line(finding, palette)) }
    }
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
