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

  @Argument(help: "The beginning of the trial's key.")
  var trial: String

  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @OptionGroup var paths: GridFolderOptions

  @Option(help: "Threads inside the trial; they change its speed, never its numbers (default: the cores).")
  var threads: Int?

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
    let name = details.record.key.prefix(12)
    if outcome.isSame {
      try replay.checkTimes()
      try replay.checkWeights()
      print(
        "\(name): the same to the last bit: \(NumberText.count(outcome.losses)) losses, "
          + "\(outcome.evaluations) evaluations, trace digest \(outcome.digest)")
      return
    }
    print("\(name): not the same")
    do { try replay.checkTimes() } catch { Terminal.say("\(error)") }
    print(
      outcome.firstDifference
        ?? "the stored losses and scores are the same, but their digest is not: the store was changed")
    print("stored digest  \(outcome.storedDigest)\ndigest now     \(outcome.digest)")
    print(circumstances(of: replay), terminator: "")
    throw ExitStatus.operational.exit
  }

  private func train(_ replay: TrialReplay) async throws -> TrialReplay.Outcome {
    let display = ProgressDisplay(trials: [replay.trial], output: output)
    display.take(.started(index: 0))
    defer { display.end() }
    return try await replay.run { display.take(.trial(index: 0, $0)) }
  }

  /// Differences between then and now that may be the reason.
  private func circumstances(of replay: TrialReplay) -> String {
    guard let changes = replay.changes else { return "" }
    var table = Table([.init(""), .init("then"), .init("now")])
    table.rows = changes.map { [.name($0.name), .name($0.then), .name($0.now)] }
    let numerics =
      replay.hasNumbersOfThisVersion ? "" : "it was trained with another version of the engine's numbers\n"
    return numerics
      + (changes.isEmpty
        ? "machine and program are the same as then\n" : "what is not as it was then:\n" + table.text())
  }
}
