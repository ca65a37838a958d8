import ArgumentParser
import Experiments
import Foundation
import Harness
import Presentation

/// `bench submit …`
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Cut a study into shards for many machines, and hand them to an engine.",
    discussion: """
      Each writes a job folder, which all machines must see, and returns. bench status DIR shows how far the shards have \
      come, bench merge DIR makes one store of them, with the same bits as if one machine had trained it all.
      """,
    subcommands: [SubmitToSlurmCommand.self, SubmitToKubernetesCommand.self, SubmitScriptCommand.self])
}

/// What every engine needs: the study or the job, the number of shards, the options of each shard's run.
struct JobOptions: ParsableArguments {
  @OptionGroup var grid: GridOrJobOptions

  @Option(help: ArgumentHelp("Into how many shards the study is cut.", valueName: "n"))
  var shards: Int?

  @Flag(help: "Submit the shards of the job that have not ended, and that the engine does not have.")
  var missing = false

  @Flag(inversion: .prefixedNo, help: "Time training steps on this machine to cut the study evenly.")
  var timing = true

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Trials at the same time in each shard (default: what the engine gives it)."))
  var jobs: Int?

  @OptionGroup var training: TrainingOptions

  @Flag(help: "Let each machine copy the data sets to its own disk first.")
  var copyData = false

  @Option(
    help: ArgumentHelp("Where shards keep their live stores on their machines (default: TMPDIR).", valueName: "dir"))
  var scratch: String?

  @OptionGroup var data: DataOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); expected at least 1") }
    if missing {
      guard grid.job != nil, grid.grid == nil, shards == nil, grid.over.overrides.isEmpty else {
        throw ValidationError("--missing goes with --job, without a grid and --set: the job is cut already")
      }
      return
    }
    guard grid.grid != nil, let shards else {
      throw ValidationError("expected a grid file and --shards, or --job and --missing")
    }
    guard (1...100_000).contains(shards) else { throw ValidationError("--shards is \(shards); expected 1 to 100000") }
  }

  /// Opens the job, or cuts the study and writes its folder.
  func prepare() throws -> Job {
    if missing, let folder = grid.job { return try Job(opening: JobFolder(folder)) }
    let source = try grid.source(data)
    let prepared = try PreparedStudy(source)
    let plan = try JobPlan(prepared, source, shards: shards ?? 1, workers: jobs ?? 1, timesSteps: timing)
    let folder = JobFolder(grid.job ?? ".bench/jobs/\(FolderName.safe(prepared.study.name))")
    let job = try Job(prepared, source, plan: plan, in: folder, commandLine: CommandLine.arguments)
    Terminal.say(
      job.isOld
        ? "\(folder.path): this job is there already, and stays as it is"
        : plan.text(.text) + "job folder: \(folder.path)")
    return job
  }

  /// The shards to submit.
  func shards(of job: Job, queued: Set<Int> = []) -> [Int] {
    job.missing(retriesFailed: training.retryFailed).filter { !queued.contains($0) }
  }

  /// How each shard is started. Paths are whole, since the machines begin elsewhere.
  ///
  /// - Parameter namesData: whether the folder of the data sets is the same there.
  func start(namesData: Bool = true) -> StartCommand {
    var options: [String] = []
    if namesData, data.root != nil || data.folder.origin == .environment {
      options += ["--data", URL(filePath: data.folder.path).standardizedFileURL.path]
    }
    if let jobs { options += ["--jobs", "\(jobs)"] }
    if copyData { options.append("--copy-data") }
    if let scratch { options += ["--scratch", scratch] }
    return StartCommand(options: options + training.words)
  }
}

/// `bench submit slurm GRID`
struct SubmitToSlurmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm", abstract: "Submit a study as job arrays of Slurm, one task per shard.",
    discussion: """
      Words behind -- go to sbatch: -- --partition=long --time=4:00:00 --cpus-per-task=8 --mem=8G. A task that comes to its \
      time limit, or is preempted, keeps what it has and goes on when it is started again.
      """)

  @OptionGroup var job: JobOptions

  @Option(help: ArgumentHelp("Slurm's MaxArraySize, where scontrol can't say it.", valueName: "n"))
  var maxArraySize: Int?

  @Option(help: ArgumentHelp("How often a task that comes to its time limit is queued again.", valueName: "n"))
  var maxRequeues = 100

  @Option(help: ArgumentHelp("Merge into this store when the arrays have ended.", valueName: "path"))
  var merge: String?

  @Flag(help: "Write the job folder and print the commands; submit nothing.")
  var dryRun = false

  @Argument(parsing: .postTerminator, help: "Options of sbatch, behind --.")
  var sbatch: [String] = []

  func validate() throws {
    if let maxArraySize, maxArraySize < 1 {
      throw ValidationError("--max-array-size is \(maxArraySize); expected at least 1")
    }
    guard maxRequeues >= 0 else { throw ValidationError("--max-requeues is \(maxRequeues); expected at least 0") }
  }

  func run() throws {
    let prepared = try job.prepare()
    let queued = SlurmSubmission.queued(prepared.folder)
    let shards = job.shards(of: prepared, queued: queued)
    guard !shards.isEmpty else {
      return print(queued.isEmpty ? "every shard has ended" : "every shard has ended or is in Slurm's queue")
    }
    var settings = SlurmSubmission.Settings()
    (settings.maximumRequeues, settings.options) = (maxRequeues, sbatch)
    settings.mergeInto = merge.map { URL(filePath: $0).standardizedFileURL.path }
    let submission = try SlurmSubmission.prepare(
      prepared, shards: shards, settings: settings, start: job.start(), maximumArraySize: maxArraySize,
      warn: Terminal.say)
    if dryRun { return print(submission.text, terminator: "") }
    let numbers = try submission.submit()
    print(numbers.map { "submitted batch job \($0)" }.joined(separator: "\n"))
    Terminal.say("bench status \(Shell.quoted(prepared.folder.path)) shows how far it is")
  }
}

/// `bench submit kubernetes GRID`
struct SubmitToKubernetesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubernetes", abstract: "Print a study as an Indexed Job of Kubernetes, one pod per shard.",
    discussion: """
      The Job goes to standard output: bench submit kubernetes … | kubectl apply -f -. The job folder must lie in the \
      volume of the claim; --job names it as this machine sees it, --folder as the volume has it.
      """)

  @OptionGroup var job: JobOptions

  @Option(help: ArgumentHelp("The image with the program.", valueName: "name"))
  var image: String

  @Option(help: ArgumentHelp("The claim of the volume that holds the job folder.", valueName: "name"))
  var claim: String

  @Option(help: ArgumentHelp("The job folder's path in the volume (default: its name).", valueName: "path"))
  var folder: String?

  @Option(help: "Processors of a pod.")
  var cpus = "1"

  @Option(help: "Memory of a pod.")
  var memory = "2Gi"

  @Option(help: ArgumentHelp("Pods at the same time (default: all).", valueName: "n"))
  var parallelism: Int?

  @Option(help: ArgumentHelp("Where the data sets lie in the volume.", valueName: "path"))
  var dataFolder: String?

  func run() throws {
    let prepared = try job.prepare()
    let files = KubernetesJob.filesNeeded(prepared)
    guard dataFolder != nil || files.isEmpty else {
      throw ValidationError(
        "the pods must find \(joined(files)) as files: copy the folder of the data sets into the volume, and name its path "
          + "there with --data-folder")
    }
    var settings = KubernetesJob.Settings(
      image: image, claim: claim, folder: folder ?? prepared.folder.url.lastPathComponent, cpus: cpus, memory: memory)
    (settings.parallelism, settings.data) = (parallelism, dataFolder)
    print(KubernetesJob.yaml(prepared, settings, start: job.start(namesData: false)), terminator: "")
  }
}

/// `bench submit script GRID`
struct SubmitScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script", abstract: "Print how the shards of a study are started, for any other engine or by hand.")

  @OptionGroup var job: JobOptions

  func run() throws {
    let prepared = try job.prepare()
    let text = ScriptInstructions.text(
      prepared, shards: job.shards(of: prepared), start: job.start(), database: ".bench/bench.db")
    print(text, terminator: "")
  }
}
