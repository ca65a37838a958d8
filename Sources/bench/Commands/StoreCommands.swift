import ArgumentParser
import Experiments
import Foundation
import Tracking

/// `bench list`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the studies of the store.")

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let studies = try Store(path: store.path, access: .readOnly).studies()
    if format == .json {
      print(JSONValue.array(studies.map(\.json)).prettyText)
      return
    }
    var table = TextTable([
      .init("study"), .init("configurations", isNumeric: true), .init("trials", isNumeric: true),
      .init("done", isNumeric: true), .init("running", isNumeric: true), .init("failed", isNumeric: true),
      .init("last activity"), .init("title"),
    ])
    table.rows = studies.map { study in
      let done = (study.counts[.done] ?? 0) + (study.counts[.diverged] ?? 0)
      return [
        TerminalText.plain(study.name), "\(study.configurations)", "\(study.trials)", "\(done)",
        "\(study.counts[.running] ?? 0)", "\(study.counts[.failed] ?? 0)",
        Date(timeIntervalSince1970: study.lastActivity).formatted(.iso8601), TerminalText.plain(study.title),
      ]
    }
    switch format {
    case .csv: print(table.csv, terminator: "")
    case .md: print(table.markdown, terminator: "")
    default: print(table.text(), terminator: "")
    }
  }
}

extension StudySummary {
  fileprivate var json: JSONValue {
    .object([
      .init("study", .string(name)), .init("title", .string(title)), .init("revision", .integer(revision)),
      .init("configurations", .integer(configurations)), .init("trials", .integer(trials)),
      .init(
        "states",
        .object(
          TrialState.allCases.compactMap { state in
            counts[state].map { .init(state.rawValue, .integer($0)) }
          })),
      .init("last_activity", .double(lastActivity)),
    ])
  }
}
