import ArgumentParser
import Experiments
import Foundation
import Tracking

/// `bench show TRIAL`
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that the store knows of a trial: scores, attempts, machine, code, command.",
    discussion: "bench list STUDY has the keys of a study's trials.")

  @Argument(help: "The beginning of the trial's key.")
  var trial: String

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it: text or json.")
  var format: OutputFormat = .text

  func validate() throws {
    guard format == .text || format == .json else {
      throw ValidationError("--format is \(format.rawValue); expected text or json")
    }
  }

  func run() throws {
    let details = try Store(path: store.path, access: .readOnly).trial(prefix: trial)
    switch format {
    case .json: print(TrialPage(details).json.prettyText)
    default: print(TrialPage(details).text, terminator: "")
    }
  }
}
