import ArgumentParser
import Comparing
import Foundation
import Harness
import Presentation
import Reporting

/// `bench history [STUDY]`
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show a study's numbers night after night, and when they changed.",
    discussion: """
      The nights are those that bench compare --record kept in the store of --db. For each configuration and metric: \
      the first night, the latest, the difference of the two, and every night from which the mean is another one, with \
      the commit of that night. Changes are found in six nights or more; of series in which nothing changes, at most \
      one in twenty shows a change.

      Times, speeds and memory are followed on one machine, with one -j and one program at a time.
      """)

  @Argument(help: "The study's name (default: the one with the latest night).", completion: Completions.studies)
  var study: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A metric to show. Repeatable. (default: test_accuracy, or the loss where there is none, and images_per_second)",
      valueName: "metric"))
  var metric: [ComparedMetric] = []

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @Option(help: ArgumentHelp("Write README.md, history.json and charts into this folder instead.", valueName: "dir"))
  var out: String?

  @Option(help: ArgumentHelp("The gnuplot program.", valueName: "program"))
  var gnuplot = "gnuplot"

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let history = try StudyHistory(ofNamed: study, metrics: metric, in: store.path)
    guard let out else {
      print(history, as: format)
      return
    }
    let outcome = try await history.write(into: URL(filePath: out, directoryHint: .isDirectory), gnuplot: gnuplot)
    guard !output.quiet else { return }
    print(outcome.folder.appending(path: "README.md").relativePath)
    if let problem = outcome.chartError { Terminal.say("charts are missing: \(problem)") }
  }
}

extension ComparedMetric: ExpressibleByArgument {}
