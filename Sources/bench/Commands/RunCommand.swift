import ArgumentParser
import Experiments
import Foundation
import Harness
import Runner
import Training

/// `bench run GRID`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train every trial of a grid that is not done yet, and keep the measurements.",
    discussion: """
      The same command again trains only what is missing; an interrupted run goes on where it stopped. Exit codes: \
      0 all trials ended by themselves, 1 something outside the grid went wrong, 3 some trials failed, 64 the grid or \
      the command line is wrong, 130 interrupted.
      """)

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Trials at the same time (default: the cores). Environment: BENCH_JOBS."))
  var jobs: Int?

  @Option(help: "Threads inside a trial; they change its speed, never its numbers (default: cores without a trial).")
  var threadsPerTrial: Int?

  @Option(
    help: ArgumentHelp("Keep a checkpoint every so often: 60s, 5m, or 200 for iterations.", valueName: "interval"))
  var checkpointEvery: CheckpointEvery = CheckpointEvery(interval: .seconds(60))

  @Option(help: ArgumentHelp("Store the loss of every n-th batch only.", valueName: "n"))
  var keepLossEvery: Int = 1

  @Flag(help: "Keep no weights of the trained networks.")
  var noWeights = false

  @Option(help: ArgumentHelp("Stop a trial as failed after so many seconds.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("Begin at most so many trials.", valueName: "n"))
  var limit: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Only trials for which this holds: label=…, seed=…, the path of a setting that varies, or conditions as list --where has them. Repeatable: all must hold.",
      valueName: "condition"))
  var only: [String] = []

  @Flag(help: "Try failed trials again.")
  var retryFailed = false

  @Flag(help: "Train all trials again, done ones too.")
  var rerun = false

  @Flag(help: "Begin no further trial after one failed.")
  var failFast = false

  @Option(help: ArgumentHelp("Begin no further trial after so many failed.", valueName: "n"))
  var maxFailures: Int?

  @Flag(
    help: "Keep of uncommitted changes only that there were some; the store quotes them otherwise, without secrets.")
  var noDiff = false

  @Flag(help: "Refuse to run from a repository with uncommitted changes.")
  var requireClean = false

  func validate() throws {
    for (name, value) in [
      ("--jobs", jobs), ("--threads-per-trial", threadsPerTrial), ("--keep-loss-every", keepLossEvery),
      ("--limit", limit), ("--max-failures", maxFailures),
    ] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value); expected at least 1") }
    }
    if let timeout, !(timeout > 0) { throw ValidationError("--timeout is \(timeout); expected more than 0 seconds") }
  }

  func run() async throws {
    // A closed terminal, and a limit on the size of files, are errors to tell, not the end of the process.
    [SIGPIPE, SIGXFSZ].forEach { signal($0, SIG_IGN) }
    let prepared = try PreparedStudy(grid.source(data))
    let settings = try settings()
    let source = Provenance.source(keepsDiff: !noDiff)
    if requireClean { try Provenance.requireClean(source) }
    let selection = try TrialSelection(only, in: prepared.study)
    let run = try StudyRun(
      prepared, in: StoreFolders.openStore(store.path), source: source, settings: settings, selection: selection)
    let messages = RunMessages(of: run, palette: output.palette, storePath: store.explicitPath)
    if let lost = messages.weightsLost, !output.quiet { Terminal.say(lost) }
    let summary = await train(run, messages)
    let outcome: StudyRun.Outcome
    do { outcome = try run.finish(summary) } catch let failure as StudyError { throw messages.error(failure) }
    if !output.quiet {
      print(outcome.report.text(.text), terminator: "")
      fflush(nil)
      Terminal.write(messages.closing(summary) + "\n")
    }
    try WorkflowSummary.show(outcome.report)
    if outcome.hasFailures { throw ExitStatus.trialsFailed.exit }
    if summary.interrupted { throw ExitStatus.interrupted.exit }
  }

  /// Trains with a display, until all is done or a signal stops it.
  private func train(_ run: StudyRun, _ messages: RunMessages) async -> RunSummary {
    let cancellation = Cancellation()
    let display = ProgressDisplay(trials: run.trials, output: output, style: run.trials.isEmpty ? .silent : nil)
    let interruption = Interruption(cancellation) { display.say($0) }
    defer { withExtendedLifetime(interruption) {} }
    if !run.trials.isEmpty, !output.quiet { display.say(messages.opening) }
    let summary = await run.train(cancellation: cancellation) { event in
      switch event {
      case .trial(let event): display.take(event)
      case .notice(let text): display.say(text)
      }
    }
    display.end()
    return summary
  }

  private func settings() throws -> RunSettings {
    var settings = RunSettings()
    settings.workers = try Workers.count(jobs: jobs)
    settings.threadsPerTrial = threadsPerTrial
    settings.checkpointInterval = checkpointEvery.interval
    settings.lossInterval = keepLossEvery
    settings.keepsWeights = !noWeights
    (settings.timeout, settings.limit) = (timeout, limit)
    (settings.retriesFailed, settings.rerunsAll) = (retryFailed, rerun)
    settings.maximumFailures = failFast ? 1 : maxFailures
    return settings
  }
}

/// A checkpoint interval as it is written on the command line.
struct CheckpointEvery: ExpressibleByArgument {
  let interval: CheckpointInterval

  init(interval: CheckpointInterval) { self.interval = interval }

  init?(argument: String) {
    if let iterations = Int(argument), iterations > 0 {
      interval = .iterations(iterations)
    } else if let unit = argument.last, let scale = ["s": 1.0, "m": 60.0, "h": 3600.0][unit],
      let value = Double(argument.dropLast()), value > 0
    {
      interval = .seconds(value * scale)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { "60s" }
}
