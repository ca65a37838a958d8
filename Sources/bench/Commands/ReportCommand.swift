import ArgumentParser
import Experiments
import Foundation
import Presentation
import Reporting
import Tracking

/// `bench report [STUDY]`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a study's tables, charts and page to reports/STUDY/.",
    discussion: """
      Without --format a folder is written: README.md, index.html, results.csv, results.json and charts/. With it, \
      the report goes to standard output in that form, without charts.
      """)

  @Argument(help: "The study's name (default: the one that was at work last).")
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
  @OptionGroup var voice: VoiceOptions

  /// The points of a loss curve that a chart can show apart.
  private static let lossCurvePoints = 200

  func validate() throws {
    if let target, !(0...1).contains(target) {
      throw ValidationError("--target is \(target); expected an accuracy in [0, 1], such as 0.95")
    }
  }

  func run() async throws {
    let store = try Store(path: store.path, access: .readOnly)
    let name = try study ?? latestStudy(in: store)
    let latest = try store.studies().first { $0.name == name }?.revision
    var options = ReportOptions(
      at: at.point, target: target, only: only,
      latestRevision: revision == nil || revision == latest ? nil : latest, gnuplot: gnuplot,
      writtenAt: noTime ? nil : Date.now.formatted(.iso8601))
    options.nights = try store.nights(ofStudy: name)
    var record = try store.study(named: name, revision: revision)
    try checkLabels(record)
    try checkPoint(record)
    try store.addHits(to: &record)
    var report = Report(record, options: options, tuning: try tuning(of: record, options))
    if let format {
      print(report, as: format)
      return try WorkflowSummary.show(report)
    }
    try store.addLossCurves(to: &record, points: Self.lossCurvePoints, ofLabels: report.labelsOfCurves)
    report.addLossCurves(of: record)
    let outcome = try await report.write(into: URL(filePath: out, directoryHint: .isDirectory))
    try WorkflowSummary.show(report)
    guard !voice.quiet else { return }
    print(outcome.folder.appending(path: "README.md").relativePath)
    if let problem = outcome.chartProblem { Terminal.say("charts are missing: \(problem)") }
  }

  private func latestStudy(in store: Store) throws -> String {
    guard let latest = try store.studies().max(by: { $0.lastActivity < $1.lastActivity }) else {
      throw OperationalError("\(store.path): holds no study yet; bench run GRID makes one")
    }
    return latest.name
  }

  private func checkLabels(_ record: StudyRecord) throws {
    let labels = record.configurations.map(\.configuration.label)
    for label in only where !labels.contains(label) {
      throw UsageError(
        "--only \(label): no configuration has that label; there are \(labels.prefix(12).joined(separator: ", "))")
    }
  }

  private func checkPoint(_ record: StudyRecord) throws {
    guard case .iteration(let wanted) = at.point else { return }
    let iterations = Set(record.configurations.flatMap { $0.trials.flatMap { $0.evaluations.map(\.iteration) } })
    guard !iterations.isEmpty, !iterations.contains(wanted) else { return }
    let known = iterations.sorted()
    let shown = known.prefix(12).map(String.init).joined(separator: ", ") + (known.count > 12 ? ", …" : "")
    throw UsageError("--at \(wanted): no trial was evaluated there; expected last, best or one of \(shown)")
  }

  private func tuning(of record: StudyRecord, _ options: ReportOptions) throws -> Tuning? {
    guard let tune else { return nil }
    do {
      return try Tuning(record, axis: tune, options: options)
    } catch {
      throw UsageError("\(error)")
    }
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
