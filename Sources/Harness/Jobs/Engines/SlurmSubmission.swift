import Experiments
import Files
import Foundation
import Presentation

/// A job as Slurm takes it: job arrays of one task per shard.
package struct SlurmSubmission: Sendable {
  /// What the arrays are made with.
  package struct Settings: Sendable {
    /// How often a task that was stopped before its time limit asks to be started again.
    package var maximumRequeues = 100
    /// The store that a last job merges into; none where it is `nil`.
    package var mergeInto: String?
    /// Words for `sbatch`, which come behind our own and so outdo them.
    package var options: [String] = []

    package init() {}
  }

  /// One call of `sbatch`.
  struct Call: Equatable {
    var arguments: [String]
    /// The tasks' numbers in the array are the shards' numbers less this one.
    var offset: Int
    var shards: [Int]
  }

  let calls: [Call]
  private let job: Job
  private let settings: Settings

  /// Plans the calls; nothing is submitted.
  ///
  /// - Parameters:
  ///   - shards: the shards to submit, in order.
  ///   - maximumArraySize: indices go from 0 to one less.
  init(_ job: Job, shards: [Int], settings: Settings, maximumArraySize: Int) {
    (self.job, self.settings) = (job, settings)
    let chunks = Dictionary(grouping: shards) { $0 / maximumArraySize }.sorted { $0.key < $1.key }
    calls = chunks.map { chunk, shards in
      let offset = chunk * maximumArraySize
      return Call(
        arguments: Self.arguments(job, IndexRanges.text(shards.map { $0 - offset }), settings, offset), offset: offset,
        shards: shards)
    }
  }

  private static func arguments(_ job: Job, _ array: String, _ settings: Settings, _ offset: Int) -> [String] {
    [
      "--parsable", "--job-name=bench \(FolderName.safe(job.manifest.study))", "--array=\(array)", "--requeue",
      "--open-mode=append", "--signal=USR1@120",
      // sbatch fills in what stands behind a percent sign; in a path of people's own choosing one is itself.
      "--output=\(job.folder.logs.path.replacingOccurrences(of: "%", with: "%%"))/%A_%a.log",
    ] + settings.options + [job.folder.slurmScript.path, "\(offset)"]
  }

  /// The calls as a shell takes them.
  package var text: String {
    var lines = calls.map { "sbatch \(Shell.command($0.arguments))\n" }
    if settings.mergeInto != nil {
      lines.append(
        "sbatch \(Shell.command(mergeArguments(after: calls.indices.map { "JOB\($0 + 1)" })))\n")
    }
    return lines.joined()
  }

  /// Submits the arrays and, where it is wanted, the job that merges when they have ended.
  ///
  /// - Returns: Slurm's numbers of the jobs, that of the merge last.
  /// - Throws: ``OperationalError`` with what `sbatch` said; what was submitted before is kept in the job folder.
  package func submit(_ program: EngineProgram = .system) throws -> [String] {
    var jobs: [String] = []
    for call in calls {
      let number = try Self.sbatch(call.arguments, program)
      jobs.append(number)
      try Self.remember(
        [
          "engine": "slurm", "id": .string(number), "offset": .integer(call.offset),
          "shards": .array(call.shards.map { .integer($0) }),
          "submitted_at": .double(Date.now.timeIntervalSince1970),
        ], in: job.folder)
    }
    if settings.mergeInto != nil { jobs.append(try Self.sbatch(mergeArguments(after: jobs), program)) }
    return jobs
  }

  private func mergeArguments(after jobs: [String]) -> [String] {
    let numbers = jobs.map { $0.split(separator: ";").first.map(String.init) ?? $0 }
    // What people ask of the arrays, partition and account say, holds here too; what makes it another job does not.
    return settings.options + [
      "--parsable", "--job-name=bench merge \(FolderName.safe(job.manifest.study))", "--array=0",
      "--dependency=afterany:\(numbers.joined(separator: ":"))",
      "--output=\(job.folder.logs.path.replacingOccurrences(of: "%", with: "%%"))/merge_%A.log",
      job.folder.mergeScript.path,
    ]
  }

  private static func sbatch(_ arguments: [String], _ program: EngineProgram) throws -> String {
    let result = try program.run("sbatch", arguments)
    let number = result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard result.status == 0, !number.isEmpty else {
      throw OperationalError(
        "sbatch ended with \(result.status): \(PlainText.oneLine(result.errors.trimmingCharacters(in: .whitespacesAndNewlines)))"
          + "; sbatch's own options go behind --, as in -- --partition=long --time=4:00:00")
    }
    return number
  }

  private static func remember(_ entry: JSONValue, in folder: JobFolder) throws {
    let before = (try JobFolder.readJSON(folder.submissions))?["submissions"]?.array ?? []
    try JobFolder.writeJSON(["submissions": .array(before + [entry])], to: folder.submissions)
  }
}

extension SlurmSubmission {
  /// Writes the scripts and plans the calls.
  ///
  /// - Parameters:
  ///   - maximumArraySize: Slurm's; `nil` asks Slurm.
  ///   - warn: hears where Slurm does not say it, so that its default is taken.
  package static func prepare(
    _ job: Job, shards: [Int], settings: Settings, start: StartCommand, maximumArraySize: Int?,
    program: EngineProgram = .system, warn: (String) -> Void
  ) throws -> SlurmSubmission {
    // Slurm fills in no task's number in a path with a backslash, and the task ends before it has begun.
    guard !job.folder.path.contains("\\") else {
      throw UsageError(
        "--job \(job.folder.path): Slurm can't write its logs below a path with a backslash; name another folder")
    }
    do {
      try WholeFile.write(Data(script(job, settings, start).utf8), to: job.folder.slurmScript)
      if let store = settings.mergeInto {
        try WholeFile.write(Data(mergeScript(job, store, start).utf8), to: job.folder.mergeScript)
      }
    } catch {
      throw OperationalError("\(job.folder.path): the batch script can't be written: \(error.reason)")
    }
    guard let size = maximumArraySize ?? Self.maximumArraySize(program) else {
      warn(
        "scontrol show config does not say MaxArraySize, which is taken to be \(defaultMaximumArraySize), Slurm's default; "
          + "--max-array-size N says another")
      return SlurmSubmission(job, shards: shards, settings: settings, maximumArraySize: defaultMaximumArraySize)
    }
    return SlurmSubmission(job, shards: shards, settings: settings, maximumArraySize: size)
  }

  /// What Slurm takes where its configuration says nothing.
  private static let defaultMaximumArraySize = 1001

  /// `MaxArraySize` of Slurm's configuration; `nil` where it can't be asked for.
  static func maximumArraySize(_ program: EngineProgram) -> Int? {
    guard let result = try? program.run("scontrol", ["show", "config"]), result.status == 0 else { return nil }
    for line in result.output.split(separator: "\n") where line.hasPrefix("MaxArraySize") {
      return line.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }.flatMap {
        $0 > 0 ? $0 : nil
      }
    }
    return nil
  }

  /// The shards that Slurm has in its queue or at work, of those that were submitted from this folder. A hint: where
  /// `squeue` fails or has forgotten, it says nothing.
  ///
  /// - Parameter onlyPending: whether those that Slurm takes for running are left out.
  package static func queued(
    _ folder: JobFolder, onlyPending: Bool = false, program: EngineProgram = .system
  ) -> Set<Int> {
    let submissions = ((try? JobFolder.readJSON(folder.submissions)).flatMap { $0 })?["submissions"]?.array ?? []
    var offsets: [String: Int] = [:]
    for entry in submissions where entry["engine"] == "slurm" {
      guard let id = entry["id"]?.string?.split(separator: ";").first else { continue }
      offsets[String(id)] = entry["offset"]?.int ?? 0
    }
    guard !offsets.isEmpty else { return [] }
    // %F is the array's number, %K the task's, %T its state; one line per task.
    let result = try? program.run("squeue", ["--noheader", "--array", "--format=%F %K %T", "--me"])
    guard let result, result.status == 0 else { return [] }
    return Set(
      result.output.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        guard words.count == 3, let offset = offsets[String(words[0])], let task = Int(words[1]),
          !onlyPending || words[2] == "PENDING"
        else { return nil }
        return task + offset
      })
  }

  private static func script(_ job: Job, _ settings: Settings, _ start: StartCommand) -> String {
    """
    #!/bin/bash
    # Written by bench submit slurm: a task of a job array trains one shard of the study.
    # To be submitted as bench submit slurm --dry-run prints it: sbatch … slurm.sh OFFSET
    bench=${BENCH_PROGRAM:-\(Shell.quoted(start.program))}
    shard=$((SLURM_ARRAY_TASK_ID + ${1:-0}))
    # Slurm says TERM to this script too when it ends the task itself: then what comes next is its own affair.
    ended_by_slurm=
    trap 'ended_by_slurm=1' TERM
    # srun, so that signals reach the program; it no longer takes over sbatch's --cpus-per-task by itself.
    if [ -n "${SLURM_CPUS_PER_TASK:-}" ]; then export SRUN_CPUS_PER_TASK=$SLURM_CPUS_PER_TASK; fi
    srun --ntasks=1 "$bench" \(start.text(job.folder, shard: "\"$shard\""))
    code=$?
    # 130: stopped before the time limit, with all that it had measured in the job folder.
    if [ "$code" -eq 130 ] && [ -z "$ended_by_slurm" ]; then
      if [ "${SLURM_RESTART_COUNT:-0}" -lt \(settings.maximumRequeues) ]; then
        scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && sleep 60
      else
        echo "shard $shard was started again \(settings.maximumRequeues) times; bench submit slurm --job DIR --missing goes on" >&2
      fi
    fi
    exit "$code"

    """
  }

  private static func mergeScript(_ job: Job, _ store: String, _ start: StartCommand) -> String {
    """
    #!/bin/bash
    # Written by bench submit slurm --merge: one store of all shards that have ended.
    bench=${BENCH_PROGRAM:-\(Shell.quoted(start.program))}
    exec "$bench" merge \(Shell.quoted(job.folder.path)) --db \(Shell.quoted(store))

    """
  }
}

extension JobFolder {
  var slurmScript: URL { url.appending(path: "slurm.sh") }
  var mergeScript: URL { url.appending(path: "merge.sh") }
}
