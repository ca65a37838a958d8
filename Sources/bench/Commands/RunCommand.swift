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

      With --job and --shard it trains one shard of a study that bench submit has cut for many machines, and brings what \
      it measures to the job folder. Starting a shard again, or twice, does no harm.
      """)

  @OptionGroup var grid: GridOrJobOptions

  @Option(
    help: ArgumentHelp(
      "The shard of the job to train, from 0; auto takes the number from the engine.", valueName: "number"))
  var shard: String?

  @Option(help: ArgumentHelp("Where a shard keeps its live store (default: TMPDIR).", valueName: "dir"))
  var scratch: String?

  @Flag(help: "Copy a shard's data sets to the scratch folder first, once per machine.")
  var copyData = false

  @Option(help: ArgumentHelp("Bring a shard's results to the job folder at least this often.", valueName: "seconds"))
  var publishEvery = 60.0

  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Trials at the same time (default: the processors that it may use). Environment: BENCH_JOBS."))
  var jobs: Int?

  @Option(help: "Threads inside a trial; they change its speed, never its numbers (default: cores without a trial).")
  var threadsPerTrial: Int?

  @OptionGroup var training: TrainingOptions

  @Option(help: ArgumentHelp("Begin at most so many trials.", valueName: "n"))
  var limit: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Only trials for which this holds: label=…, seed=…, the path of a setting that varies, or conditions as list --where has them. Repeatable: all must hold.",
      valueName: "condition"))
  var only: [String] = []

  @Flag(help: "Train all trials again, done ones too.")
  var rerun = false

  @Flag(help: "Begin no further trial after one failed.")
  var failFast = false

  @Option(help: ArgumentHelp("Begin no further trial after so many failed.", valueName: "n"))
  var maxFailures: Int?

  @Option(
    help: ArgumentHelp(
      "Append what trials measure to event files in this folder while they train: tensorboard --logdir DIR.",
      valueName: "dir"), completion: .directory)
  var tensorboard: String?

  @Flag(
    help: "Keep of uncommitted changes only that there were some; the store quotes them otherwise, without secrets.")
  var noDiff = false

  @Flag(help: "Refuse to run from a repository with uncommitted changes.")
  var requireClean = false

  func validate() throws {
    for (name, value) in [
      ("--jobs", jobs), ("--threads-per-trial", threadsPerTrial), ("--limit", limit), ("--max-failures", maxFailures),
    ] {
      if let value, value < 1 { throw ValidationError("\(name) is \(value); expected at least 1") }
    }
    guard (grid.job == nil) == (shard == nil) else {
      throw ValidationError("--job and --shard go together: the folder of a job, and the number of one of its shards")
    }
    guard (grid.grid == nil) != (grid.job == nil) else {
      throw ValidationError("expected a grid file, or --job and --shard")
    }
    if grid.job != nil, !only.isEmpty {
      throw ValidationError("--only has no place beside --job: a shard is trained whole")
    }
    if grid.job != nil, store.explicitPath != nil || !grid.over.overrides.isEmpty {
      throw ValidationError(
        "--db and --set have no place beside --job: a shard's store is its own, and the job's grid is what was submitted"
      )
    }
    if grid.job != nil, tensorboard != nil {
      throw ValidationError(
        "--tensorboard has no place beside --job: a shard has a part of the study; merge the shards, then bench export "
          + "tensorboard")
    }
    if grid.job == nil, scratch != nil || copyData { throw ValidationError("--scratch and --copy-data go with --job") }
    guard publishEvery >= 1, publishEvery <= 86_400 else {
      throw ValidationError("--publish-every is \(publishEvery); expected 1 to 86400 seconds")
    }
  }

  func run() async throws {
    // A closed terminal, and a limit on the size of files, are errors to tell, not the end of the process.
    [SIGPIPE, SIGXFSZ].forEach { signal($0, SIG_IGN) }
    let settings = try settings()
    let source = Provenance.source(keepsDiff: !noDiff)
    if requireClean { try Provenance.requireClean(source) }
    if let job = grid.job, let shard { return try await run(shard, of: JobFolder(job), source, settings) }
    let prepared = try PreparedStudy(grid.source(data))
    let selection = try TrialSelection(only, in: prepared.study)
    let run = try StudyRun(
      prepared, in: StoreFolders.openStore(store.path), source: source, settings: settings, selection: selection)
    let messages = RunMessages(of: run, palette: output.palette, storePath: store.explicitPath)
    if let lost = messages.weightsLost, !output.quiet { Terminal.say(lost) }
    if !output.quiet { prepared.weightNotes.forEach(Terminal.say) }
    let cancellation = Cancellation()
    let summary = await train(run, messages, cancellation)
    let outcome: StudyRun.Outcome
    do { outcome = try run.finish(summary) } catch let failure as StudyError { throw messages.error(failure) }
    if !output.quiet {
      // On a terminal the answer stays in sight; the whole is in the report.
      let text = StandardOutput.fitted {
        StandardOutput.isTerminal ? outcome.report.answer(limit: StandardOutput.answerRows) : outcome.report.text(.text)
      }
      print(text, terminator: "")
      fflush(nil)
      Terminal.write(messages.closing(summary) + "\n")
    }
    try Workflow.show(outcome.report)
    if outcome.hasFailures { throw ExitStatus.trialsFailed.exit }
    if summary.interrupted { throw ExitStatus.interrupted.exit }
  }

  /// Trains one shard of a job.
  private func run(_ index: String, of job: JobFolder, _ source: Source?, _ settings: RunSettings) async throws {
    // From here to the last copy: a batch system may ask at any moment.
    let cancellation = Cancellation()
    let interruption = Interruption(cancellation, endsAtOnce: false) { Terminal.say($0) }
    defer { withExtendedLifetime(interruption) {} }
    let scratch = scratch ?? ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let shard = try Shard(job, index: index, data: data.folder, copyingDataTo: copyData ? scratch : nil)
    let workspace = try ShardWorkspace(shard, scratch: scratch)
    let run = try StudyRun(
      shard.prepared, in: StoreFolders.openStore(workspace.storePath), source: source, settings: settings,
      shard: workspace)
    let messages = RunMessages(of: run, palette: output.palette, storePath: workspace.storePath)
    if !output.quiet {
      Terminal.say("shard \(shard.index) of \(shard.manifest.shards), on \(ProcessInfo.processInfo.hostName)")
    }
    (shard.notices + run.takenOver.notices).forEach(Terminal.say)
    let publisher = ShardPublisher(workspace, run, interval: publishEvery) { Terminal.say($0) }
    let summary = await train(run, messages, cancellation) { publisher.take($0) }
    let outcome: StudyRun.Outcome
    do { outcome = try run.finish(summary) } catch let failure as StudyError {
      // What had ended before is in the live store.
      try publisher.finish(hasEnded: false, hasFailures: false)
      throw OperationalError("\(failure)\nwhat was measured before is in the job folder; start the shard again")
    }
    try publisher.finish(hasEnded: run.hasEnded(outcome), hasFailures: outcome.hasFailures)
    if !output.quiet { Terminal.say(messages.shardEnd(summary, outcome, shard)) }
    if outcome.hasFailures, !summary.interrupted { throw ExitStatus.trialsFailed.exit }
    if !run.hasEnded(outcome) { throw ExitStatus.interrupted.exit }
  }

  /// Trains with a display, until all is done or a signal stops it.
  private func train(
    _ run: StudyRun, _ messages: RunMessages, _ cancellation: Cancellation,
    also hear: (@Sendable (RunnerEvent) -> Void)? = nil
  ) async -> RunSummary {
    let display = output.display(run.trials, names: run.names)
    let interruption = hear == nil ? Interruption(cancellation, endsAtOnce: true) { display.say($0) } : nil
    defer { withExtendedLifetime(interruption) {} }
    if !run.trials.isEmpty, !output.quiet { display.say(messages.opening) }
    let summary = await run.train(cancellation: cancellation) { event in
      switch event {
      case .trial(let event):
        display.take(event)
        hear?(event)
      case .notice(let text): display.say(text)
      }
    }
    display.end()
    return summary
  }

  private func settings() throws -> RunSettings {
    var settings = training.settings
    settings.workers = try Workers.count(jobs: jobs)
    settings.threadsPerTrial = threadsPerTrial
    (settings.limit, settings.rerunsAll) = (limit, rerun)
    settings.tensorBoard = tensorboard.map { URL(filePath: $0, directoryHint: .isDirectory) }
    settings.maximumFailures = failFast ? 1 : maxFailures
    return settings
  }
}
