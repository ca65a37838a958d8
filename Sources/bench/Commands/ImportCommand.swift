import ArgumentParser
import Foundation
import Harness
import Presentation

/// `bench import FILE --study NAME`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take curves that another program trained into a study of their own.",
    discussion: """
      FILE is CSV with the columns label, seed, iteration, split (train, validation, test), metric (loss, accuracy) and \
      value, in any order, or has JSON objects with these keys, one in each line; - reads standard input. An accuracy lies \
      in [0, 1]. A column epoch says the passes done; further columns are settings. Report, compare, list, show, export \
      and baseline save serve the study as any other; it can't be verified or resumed, and says so. The same curves once \
      more change nothing, others make a new revision.
      """)

  @Argument(help: "The file of curves.", completion: .file(extensions: ["csv", "jsonl", "ndjson", "json"]))
  var file: String

  @Option(help: ArgumentHelp("The name of the study.", valueName: "name"))
  var study: String

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  /// Bytes of a pipe that are read at most.
  private static let pipeLimit = 1 << 30

  func run() throws {
    let place = file == "-" ? URL(filePath: "/dev/stdin") : URL(filePath: file)
    print(
      try CurveImport(
        readFile(place, pipeLimit: Self.pipeLimit), file: file == "-" ? "standard input" : file, into: study,
        in: store.path, commandLine: CommandLine.arguments), as: format)
  }
}
