import ArgumentParser
import Datasets
import Experiments
import Files
import Foundation
import Harness
import Presentation

/// `bench data …`
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch, show and list data sets.",
    subcommands: [ListDataCommand.self, FetchDataCommand.self, ShowDataCommand.self])
}

/// `bench data list`
struct ListDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets that the program knows, and which are here.")

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func run() throws {
    let list = DatasetList(data.folder)
    print(list, as: format)
    Terminal.say("data folder: \(list.root.path)")
  }
}

/// `bench data fetch NAME`
struct FetchDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a data set from its public mirrors, check it and put it in place.",
    discussion: "An interrupted download goes on where it stopped.")

  @Argument(help: "One of \(DatasetFetcher.names.joined(separator: ", ")).", completion: Completions.fetchedDatasets)
  var name: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Ask this address instead of the public mirrors. Repeatable.", valueName: "url"))
  var mirror: [String] = []

  @Option(
    help: ArgumentHelp(
      "Give a mirror up for a file after so many seconds (default: what the file takes at 10 kB per second).",
      valueName: "seconds"))
  var timeout: Int?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let timeout, timeout < 1 { throw ValidationError("--timeout is \(timeout); expected at least 1 second") }
  }

  func run() throws {
    guard DatasetFetcher.names.contains(name) else {
      throw ValidationError("\(name) can't be fetched; expected one of \(DatasetFetcher.names.joined(separator: ", "))")
    }
    let fetcher = DatasetFetcher(
      root: data.folder, mirrors: mirror.isEmpty ? nil : mirror, timeoutSeconds: timeout)
    let isLive = Terminal.isLive && !output.quiet && !output.noProgress
    let outcome = try fetcher.fetch(name) { progress in
      if isLive { Terminal.write(Terminal.clearLine + "\(progress)") }
    }
    if isLive { Terminal.write(Terminal.clearLine) }
    print(outcome.wasFetched ? "\(name) is in \(outcome.folder)" : "\(name) is in \(outcome.folder) already")
  }
}

/// `bench data show NAME|GRID`
struct ShowDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Draw a sheet of samples with their classes (PNG), and count its examples.")

  @Argument(
    help: "One of \(KnownDataset.all.map(\.name).joined(separator: ", ")), or a grid file, whose data set is shown.",
    completion: Completions.datasets)
  var name: String

  @Flag(help: "Draw a grid's training examples as the network sees them: augmented, by the draws of its first seed.")
  var augmented = false

  @Option(help: "The configuration of the grid (default: the first).")
  var label: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture (default: NAME-samples.png).", valueName: "file"))
  var output: String?

  @Option(help: "Samples of each class.")
  var columns = 10

  @Option(help: "How to print the counts; csv has one row per class.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func validate() throws {
    let isKnown = KnownDataset.named(name) != nil
    guard isKnown || FileManager.default.fileExists(atPath: name) else {
      throw ValidationError(
        "\(name) is not a data set of the program; expected one of \(KnownDataset.all.map(\.name).joined(separator: ", "))"
          + ", or a grid file")
    }
    if isKnown, augmented || label != nil {
      throw ValidationError("--\(augmented ? "augmented" : "label") is for a grid file, and \(name) is a data set")
    }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is \(columns); expected 1 to 100") }
  }

  func run() throws {
    let sheet = try SampleSheet(of: name, label: label, augmented: augmented, columns: columns, data: data.folder)
    let path = output ?? sheet.fileName
    try WholeFile.write(sheet.picture.png(), to: URL(filePath: path))
    print(DatasetPage(sheet.dataset, picture: path), as: format)
  }
}
