import ArgumentParser
import Harness
import Presentation

/// `bench merge DIR… --db PATH`
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Make one store of the shards of jobs, or of the stores of several machines.",
    discussion: """
      It may be done while shards are still at work, and as often as one likes: of each trial the store keeps what came \
      furthest. A trial that two machines have trained must have the same bits. Exit codes: 0 every trial is there, 1 the \
      bits differ or a file is damaged (all else is merged), 3 trials are missing or failed.
      """)

  @Argument(help: "Job folders, and stores.", completion: .directory)
  var sources: [String]

  @OptionGroup var store: StoreOptions

  func run() throws {
    let outcome = try JobMerge.run(sources, into: store.path)
    print(
      "\(NumberText.count(outcome.taken)) trials taken over"
        + (outcome.equal > 0 ? ", \(NumberText.count(outcome.equal)) equal to what was there" : ""))
    outcome.lines.forEach { print($0) }
    outcome.errors.forEach { Terminal.say("bench: \($0)") }
    if !outcome.errors.isEmpty { throw ExitStatus.operational.exit }
    if outcome.isIncomplete { throw ExitStatus.trialsFailed.exit }
  }
}
