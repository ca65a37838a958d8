import ArgumentParser
import Experiments
import Files
import Foundation
import Harness
import Processor

/// The command line.
@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Trains grids of small neural networks and says how sure the comparison is.",
    discussion: """
      Completions for the shell: bench --generate-completion-script bash > ~/.local/share/bash-completion/completions/bench \
      (or zsh, fish). They know the studies, trials and baselines of the store, the presets and the data sets.

      What does not fit a terminal goes through PAGER (less); --no-pager, in any place, prints it all at once.
      """,
    version: Provenance.programVersion,
    subcommands: [
      InitCommand.self, RunCommand.self, PlanCommand.self, ReportCommand.self, OpenCommand.self,
      CompareCommand.self,
      BaselineCommand.self, DiffCommand.self,
      HistoryCommand.self,
      ListCommand.self,
      StatusCommand.self, SubmitCommand.self, MergeCommand.self, ImportCommand.self, ShowCommand.self,
      VerifyCommand.self, EvaluateCommand.self,
      SummaryCommand.self, SpeedCommand.self,
      DataCommand.self,
      ExportCommand.self, AnnotateCommand.self, RemoveCommand.self, SweepCommand.self, SchemaCommand.self,
      DoctorCommand.self, HarnessCommand.self,
    ])

  static func main() async {
    StandardOutput.watch()
    if let complaint = KernelRequirements.complaint ?? KernelLevel.complaint {
      Terminal.say(complaint)
      exit(withError: ExitStatus.operational.exit)
    }
    let words = CommandLine.arguments.dropFirst()
    if let complaint = CommandNames.complaint(Array(words)) {
      Terminal.say("bench: \(complaint)")
      exit(withError: ExitStatus.usage.exit)
    }
    var command: any ParsableCommand
    do { command = try parseAsRoot(Pager.withoutOption(Array(words))) } catch { leave(with: error) }
    do {
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Ends as the parser would, but quotes nothing raw of what was typed.
  private static func leave(with error: any Error) -> Never {
    let code = exitCode(for: error)
    if code.isSuccess { exit(withError: error) }
    let message = fullMessage(for: error)
    if !message.isEmpty { Terminal.say(message) }
    Foundation.exit(code.rawValue)
  }

  /// Prints the error and ends with the exit code that belongs to it.
  private static func end(with error: any Error) -> Never {
    switch error {
    case is ExitCode, is ValidationError, is CleanExit: leave(with: error)
    case let errors as GridErrors:
      Terminal.say("\(errors)")
      // A grid may be right and its data damaged or away.
      let isRight = errors.errors.allSatisfy { $0.kind == .dataset }
      exit(withError: (isRight ? ExitStatus.operational : .usage).exit)
    case is UsageError:
      Terminal.say("bench: \(error)")
      exit(withError: ExitStatus.usage.exit)
    case _ where String(reflecting: type(of: error)).hasPrefix("ArgumentParser."):
      // The parser's own errors, a wish for help among them, are not public types.
      leave(with: error)
    default:
      Terminal.say("bench: \(SystemReason.text(error))")
      exit(withError: ExitStatus.operational.exit)
    }
  }
}
