import ArgumentParser
import Experiments
import Foundation
import Harness
import Presentation

/// `bench doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the things that the program depends on: processor, gnuplot, data sets, disk, store.",
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
    let results = HealthCheck(store: store.path, data: data.folder, gnuplot: gnuplot).results(warn: Terminal.say)
    let report = HealthReport(results, palette: color.palette(for: STDOUT_FILENO))
    if format == .text {
      StandardOutput.print(styled: report.text(.text))
    } else {
      print(report, as: format)
    }
    if !report.isSound { throw ExitStatus.operational.exit }
  }
}
