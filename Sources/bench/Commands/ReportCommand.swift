import ArgumentParser
import Foundation
import Harness
import Presentation
import Reporting

/// `bench report [STUDY]`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a study's tables, charts and page to reports/STUDY/.",
    discussion: """
      Without --format a folder is written: README.md, index.html, results.csv, results.json and charts/. With it, \
      the report goes to standard output in that form, without charts.
      """)

  @Argument(help: "The study's name (default: the one that was at work last).", completion: Completions.studies)
  var study: String?

  @Option(help: ArgumentHelp("Where reports go.", valueName: "dir"))
  var out = "reports"

  @Option(
    help: "Print the report in this format instead: \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: OutputFormat?

  @Option(help: "Which evaluation counts: last, best, or the one at an iteration.")
  var at: ReportPoint = ReportPoint(point: .last)

  @Option(help: ArgumentHelp("Say when this test accuracy was reached, in [0, 1].", valueName: "accuracy"))
  var target: Double?

  @Option(
    help: ArgumentHelp(
      "Say what each configuration comes to at its own best value of this axis, chosen on validation: optimizer.lr.",
      valueName: "axis"))
  var tune: String?

  @Option(
    help: ArgumentHelp(
      "Show and compare only the configurations with these labels. Repeatable.", valueName: "label"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "Report an older revision of the study, to reports/STUDY-revision-N/ (default: the latest).", valueName: "n"))
  var revision: Int?

  @Option(help: ArgumentHelp("The gnuplot program.", valueName: "program"))
  var gnuplot = "gnuplot"

  @Flag(help: "Leave out the time of writing, so that the same store gives the same bytes.")
  var noTime = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let target, !(0...1).contains(target) {
      throw ValidationError("--target is \(target); expected an accuracy in [0, 1], such as 0.95")
    }
  }

  func run() async throws {
    let options = ReportOptions(
      at: at.point, target: target, only: only, gnuplot: gnuplot,
      writtenAt: noTime ? nil : TimeText.exact(Date.now.timeIntervalSince1970))
    let found = try StudyReport(of: study, revision: revision, in: store.path, options: options, tuned: tune)
    let report = format == nil ? try found.withLossCurves() : found.report
    if let format {
      print(report, as: format)
      return try WorkflowSummary.show(report)
    }
    let outcome = try await report.write(into: URL(filePath: out, directoryHint: .isDirectory))
    try WorkflowSummary.show(report)
    guard !output.quiet else { return }
    if StandardOutput.isTerminal {
      print(StandardOutput.fitted { report.answer(limit: StandardOutput.answerRows) })
      print(outcome.folder.appending(path: "index.html").relativePath)
    }
    print(outcome.folder.appending(path: "README.md").relativePath)
    if let problem = outcome.chartError { Terminal.say("charts are missing: \(problem)") }
  }
}

/// `--at`
struct ReportPoint: ExpressibleByArgument {
  let point: ReportOptions.Point

  init(point: ReportOptions.Point) { self.point = point }

  init?(argument: String) {
    switch argument {
    case "last": point = .last
    case "best": point = .best
    default:
      guard let iteration = Int(argument), iteration > 0 else { return nil }
      point = .iteration(iteration)
    }
  }

  var defaultValueDescription: String { "last" }
}
