import ArgumentParser
import Foundation
import Harness
import Presentation
import Reporting
import Runner

/// `bench report [STUDY]`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a study's tables, charts and page to reports/STUDY/.",
    discussion: """
      Without --format a folder is written: README.md, index.html, results.csv, results.json, grid.json and charts/. \
      With it, the report goes to standard output in that form, without charts.

      With --watch the report is written anew whenever a trial has come further, until all have ended or Ctrl-C, and \
      its page, open in a browser (bench open), renews itself: filters, choices and place stay.
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

  @Flag(help: "Renew the report while the study runs.")
  var watch = false

  @Option(help: ArgumentHelp("With --watch, seconds from one look to the next.", valueName: "seconds"))
  var every = 5.0

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let target, !(0...1).contains(target) {
      throw ValidationError("--target is \(target); expected an accuracy in [0, 1], such as 0.95")
    }
    guard every >= 1, every <= 3600 else {
      throw ValidationError("--every is \(every); expected 1 to 3600 seconds")
    }
    if watch, let format {
      throw ValidationError("--watch writes a folder; leave out --format \(format.rawValue)")
    }
  }

  func run() async throws {
    if watch { return try await renew() }
    let found = try look(at: study)
    let report = format == nil ? try found.withLossCurves() : found.report
    if let format {
      print(report, as: format)
      return try Workflow.show(report)
    }
    let outcome = try await report.write(into: folder)
    try Workflow.show(report)
    guard !output.quiet else { return }
    if StandardOutput.isTerminal {
      print(StandardOutput.fitted { report.answer(limit: StandardOutput.answerRows) })
      print(outcome.folder.appending(path: ReportFolder.page).relativePath)
    }
    print(outcome.folder.appending(path: "README.md").relativePath)
    if let problem = outcome.chartError { Terminal.say("charts are missing: \(problem)") }
  }

  private var folder: URL { URL(filePath: out, directoryHint: .isDirectory) }

  private func look(at study: String?) throws -> StudyReport {
    let options = ReportOptions(
      at: at.point, target: target, only: only, gnuplot: gnuplot,
      writtenAt: noTime ? nil : TimeText.exact(Date.now.timeIntervalSince1970))
    return try StudyReport(of: study, revision: revision, in: store.path, options: options, tuned: tune)
  }

  /// Writes the report whenever it has changed; the last one has a page that stands still.
  private func renew() async throws {
    let cancellation = Cancellation()
    let interruption = Interruption(cancellation, endsAtOnce: true) { _ in }
    defer { withExtendedLifetime(interruption) {} }
    try await StudyReport.renew(
      in: folder, everySeconds: every, until: { cancellation.isRequested }, look: { try look(at: $0 ?? study) }
    ) { outcome in
      guard !output.quiet else { return }
      print(outcome.folder.appending(path: ReportFolder.page).relativePath)
      fflush(nil)
      if let problem = outcome.chartError { Terminal.say("charts are missing: \(problem)") }
    }
    if cancellation.isRequested { throw ExitStatus.interrupted.exit }
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
