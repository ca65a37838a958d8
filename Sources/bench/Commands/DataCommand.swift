import ArgumentParser
import Datasets
import Experiments
import Files
import Foundation
import Harness
import Pictures
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

  @OptionGroup var data: DataOptions

  func run() throws {
    let library = DatasetLibrary(root: data.folder)
    var table = Table([
      .init("name"), .init("shape"), .init("train", isNumeric: true), .init("test", isNumeric: true), .init("here"),
      .init("what it is"),
    ])
    table.rows = library.catalog().map { entry in
      let set = entry.dataset
      return [
        .name(set.name), "\(set.shape)", .count(set.trainCount), .count(set.testCount), .name(presence(of: entry)),
        .name(set.title),
      ]
    }
    print(table.text(), terminator: "")
    Terminal.say("data folder: \(library.root.path)")
  }

  private func presence(of entry: CatalogEntry) -> String {
    switch entry.presence {
    case .builtIn: "drawn by the program"
    case .present(_, let train, let test):
      entry.isPartial ? "\(NumberText.count(train)) + \(NumberText.count(test)) of them" : "yes"
    case .damaged: "damaged: bench data show \(entry.dataset.name) says how"
    case .missing: "no: bench data fetch \(entry.dataset.name)"
    }
  }
}

/// `bench data fetch NAME`
struct FetchDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Download a data set from its public mirrors, check it and put it in place.",
    discussion: "An interrupted download goes on where it stopped.")

  @Argument(help: "One of \(DatasetFetcher.names.joined(separator: ", ")).")
  var name: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Ask this address instead of the public mirrors. Repeatable.", valueName: "url"))
  var mirror: [String] = []

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    guard DatasetFetcher.names.contains(name) else {
      throw ValidationError("\(name) can't be fetched; expected one of \(DatasetFetcher.names.joined(separator: ", "))")
    }
    let fetcher = DatasetFetcher(
      root: data.folder, mirrors: mirror.isEmpty ? nil : mirror)
    let isLive = Terminal.isLive && !output.quiet && !output.noProgress
    let outcome = try fetcher.fetch(name) { progress in
      if isLive { Terminal.write("\r\u{1B}[K\(progress)") }
    }
    if isLive { Terminal.write("\r\u{1B}[K") }
    print(outcome.wasFetched ? "\(name) is in \(outcome.folder)" : "\(name) is in \(outcome.folder) already")
  }
}

/// `bench data show NAME`
struct ShowDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Draw a sheet of samples with their classes (PNG), and count its examples.")

  @Argument(help: "One of \(KnownDataset.all.map(\.name).joined(separator: ", ")).")
  var name: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The picture (default: NAME-samples.png).", valueName: "file"))
  var output: String?

  @Option(help: "Samples of each class.")
  var columns = 10

  @OptionGroup var data: DataOptions

  func validate() throws {
    guard KnownDataset.named(name) != nil else {
      throw ValidationError(
        "\(name) is not a data set of the program; expected one of \(KnownDataset.all.map(\.name).joined(separator: ", "))"
      )
    }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is \(columns); expected 1 to 100") }
  }

  func run() throws {
    let library = DatasetLibrary(root: data.folder)
    let dataset = try library.load(DatasetSelection(name: name))
    let path = output ?? "\(name)-samples.png"
    try WholeFile.write(PictureSheet.samples(of: dataset, columns: columns).png(), to: URL(filePath: path))
    let set = dataset.description
    print(
      "\(set.name): \(NumberText.count(set.trainCount)) training, \(NumberText.count(set.testCount)) test examples of \(set.shape)"
    )
    print("digest: \(dataset.digest)")
    var table = Table([.init("class"), .init("train", isNumeric: true), .init("test", isNumeric: true)])
    let counts = [dataset.train, dataset.test].map { $0.counts(classes: set.classes.count) }
    table.rows = set.classes.enumerated().map { index, title in
      [.name(title)] + counts.map { .count($0[index]) }
    }
    print(table.text(), terminator: "")
    print(path)
  }
}
