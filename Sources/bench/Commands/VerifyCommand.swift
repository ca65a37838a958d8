import ArgumentParser
import Foundation
import Harness
import Presentation
import Tracking

/// `bench verify TRIAL`
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Train a trial again and compare every loss and score with the stored ones, bit by bit.",
    discussion: """
      Nothing is written. Exit codes: 0 the same to the last bit, 1 not the same, or it could not be trained. On \
      another kind of processor the last bits differ by right.
      """)

  @Argument(help: "The beginning of the trial's key.", completion: Completions.trials)
  var trial: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @OptionGroup var paths: GridFolderOptions

  @Option(help: "Threads inside the trial; they change its speed, never its numbers (default: the cores).")
  var threads: Int?

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads is \(threads); expected at least 1") }
  }

  func run() async throws {
    let store = try Store(path: store.path, access: .readOnly)
    let details = try store.trial(prefix: trial)
    let replay = try TrialReplay(
      details, in: store, data: data.folder, gridFolder: GridFolder(paths.gridFolder, of: details),
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let outcome = try await train(replay)
    if outcome.isSame {
      try replay.checkTimes()
      try replay.checkWeights()
    } else {
      do { try replay.checkTimes() } catch { Terminal.say("\(error)") }
    }
    print(TrialVerification(replay, outcome), as: format)
    if !outcome.isSame { throw ExitStatus.operational.exit }
  }

  private func train(_ replay: TrialReplay) async throws -> TrialReplay.Outcome {
    let display = output.display([replay.trial])
    display.take(.started(index: 0))
    defer { display.end() }
    return try await replay.run { display.take(.trial(index: 0, $0)) }
  }
}
