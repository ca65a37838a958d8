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
    discussion: "What had the name before is replaced, and named. The results stay whatever becomes of the study.")

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
    guard results.doneTrials > 0 else {
      throw UsageError(
        "study \(TerminalText.plain(study)): no trial is done, so there is nothing to compare with later; let bench run "
          + "finish some, or name another study (bench list)")
    }
    let replaced = try store.baselines().first { $0.name == name }
    try store.saveBaseline(named: name, study: study, revision: results.revision, document: results.json)
    try store.close()
    guard !voice.quiet else { return }
    let (ended, all) = (results.endedTrials, results.trialCount)
    print(
      "\(TerminalText.plain(name)): \(TerminalText.plain(study)), revision \(results.revision), "
        + (ended < all ? "\(ended) of \(all) trials done" : "\(all) trials")
        + (replaced.map { "; replaced \(TerminalText.plain($0.study)), revision \($0.revision)" } ?? ""))
  }
}

/// `bench baseline list`
struct ListBaselinesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the baselines of the store.")

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let baselines = try Store(path: store.path, access: .readOnly).baselines().map { baseline in
      (baseline, results: try? StudyResults(json: baseline.document))
    }
    func time(_ baseline: Baseline) -> String {
      Date(timeIntervalSince1970: baseline.createdAt).formatted(.iso8601)
    }
    var table = TextTable([
      .init("baseline"), .init("study"), .init("revision", isNumeric: true),
      .init("trials", isNumeric: true), .init("done", isNumeric: true), .init("saved"),
    ])
    table.rows = baselines.map { baseline, results in
      [
        TerminalText.plain(baseline.name), TerminalText.plain(baseline.study), "\(baseline.revision)",
        results.map { "\($0.trialCount)" } ?? "?", results.map { "\($0.doneTrials)" } ?? "?", time(baseline),
      ]
    }
    switch format {
    case .text: print(table.text(), terminator: "")
    case .csv: print(table.csv, terminator: "")
    case .md: print(table.markdown, terminator: "")
    case .json:
      let values = baselines.map { baseline, results in
        JSONValue.object([
          .init("baseline", .string(baseline.name)), .init("study", .string(baseline.study)),
          .init("revision", .integer(baseline.revision)),
          .init("trials", results.map { .integer($0.trialCount) } ?? .null),
          .init("done", results.map { .integer($0.doneTrials) } ?? .null), .init("saved", .string(time(baseline))),
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
