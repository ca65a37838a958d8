import ArgumentParser
import Experiments
import Foundation
import Reporting
import Tracking

/// `bench baseline …`
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Keep a study's results under a name, to compare later ones with.",
    subcommands: [
      SaveBaselineCommand.self, ListBaselinesCommand.self, RemoveBaselineCommand.self, ExportBaselineCommand.self,
    ])
}

/// `bench baseline save NAME [STUDY]`
struct SaveBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Keep a study's results as they are now under a name.",
    discussion: "What had the name before is replaced. The results stay whatever becomes of the study.")

  @Argument(help: "The baseline's name.")
  var name: String

  @Argument(help: "The study (default: the one that was at work last).")
  var study: String?

  @OptionGroup var store: StoreOptions
  @OptionGroup var voice: VoiceOptions

  func run() throws {
    let store = try Store(path: store.path, access: .readWrite)
    guard let study = try study ?? store.studies().first?.name else {
      throw OperationalError("\(store.path): holds no study yet; bench run GRID makes one")
    }
    let results = try CompareSource.results(ofStudy: study, in: store)
    guard results.endedTrials > 0 else {
      throw OperationalError("study \(TerminalText.plain(study)): no trial has ended yet, so there is nothing to keep")
    }
    try store.saveBaseline(named: name, study: study, revision: results.revision, document: results.json)
    try store.close()
    guard !voice.quiet else { return }
    print(
      "\(TerminalText.plain(name)): \(TerminalText.plain(study)), revision \(results.revision), \(results.endedTrials) trials"
    )
  }
}

/// `bench baseline list`
struct ListBaselinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the baselines of the store.")

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let baselines = try Store(path: store.path, access: .readOnly).baselines()
    func time(_ baseline: Baseline) -> String {
      Date(timeIntervalSince1970: baseline.createdAt).formatted(.iso8601)
    }
    var table = TextTable([
      .init("baseline"), .init("study"), .init("revision", isNumeric: true), .init("saved"),
    ])
    table.rows = baselines.map {
      [TerminalText.plain($0.name), TerminalText.plain($0.study), "\($0.revision)", time($0)]
    }
    switch format {
    case .text: print(table.text(), terminator: "")
    case .csv: print(table.csv, terminator: "")
    case .md: print(table.markdown, terminator: "")
    case .json:
      let values = baselines.map { baseline in
        JSONValue.object([
          .init("baseline", .string(baseline.name)), .init("study", .string(baseline.study)),
          .init("revision", .integer(baseline.revision)), .init("saved", .string(time(baseline))),
        ])
      }
      print(JSONValue.array(values).prettyText)
    }
  }
}

/// `bench baseline rm NAME`
struct RemoveBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove a baseline; the study stays.")

  @Argument(help: "The baseline's name.")
  var name: String

  @OptionGroup var store: StoreOptions

  func run() throws {
    let store = try Store(path: store.path, access: .readWrite)
    try store.removeBaseline(named: name)
    try store.close()
  }
}

/// `bench baseline export NAME [FILE]`
struct ExportBaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a baseline as a small JSON file that can live in a repository.")

  @Argument(help: "The baseline's name.")
  var name: String

  @Argument(help: "The file (default: standard output).")
  var file: String?

  @OptionGroup var store: StoreOptions

  func run() throws {
    let document = try Store(path: store.path, access: .readOnly).baseline(named: name).document
    guard let file else {
      print(document, terminator: "")
      return
    }
    do {
      try Data(document.utf8).write(to: URL(filePath: file), options: .atomic)
    } catch {
      throw OperationalError("\(file): can't be written: \(error.localizedDescription)")
    }
    print(file)
  }
}
