import ArgumentParser
import Harness
import Presentation
import Tracking

/// `bench hosts [STUDY]`
struct HostsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hosts", abstract: "Show which machines trained a study's trials.")

  @Argument(help: "The study; by default the one that was at work last.")
  var study: String?

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let store = try Store(path: store.path, access: .readOnly)
    let origins = try store.origins(ofStudy: StudyChoice(study, in: store).name)
    let hosts = Dictionary(grouping: origins.values.compactMap { $0.environment?.host }, by: { $0 })
    var table = Table([.init("host"), .init("trials", isNumeric: true)])
    table.rows = hosts.sorted { $0.key < $1.key }.map { [.name($0.key), .count($0.value.count)] }
    print(Printout(table, json: table.json), as: format)
  }
}
