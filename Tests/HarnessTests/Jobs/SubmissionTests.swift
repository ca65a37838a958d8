import Foundation
import StudySupport
import Synchronization
import Testing

@testable import Harness

/// What is handed to the engines.
@Suite struct SubmissionTests {
  private func job(_ space: Workspace, shards: Int = 8, name: String = "job") throws -> Job {
    try space.write(SmallGrid(rates: [0.1, 0.2], seeds: [0, 1, 2, 3]).text, to: "g.json")
    return try space.submit(shards: shards, to: name)
  }

  @Test func anArrayIsCutWhereSlurmsIndicesEnd() async throws {
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space)
      var settings = SlurmSubmission.Settings()
      settings.options = ["--partition=long", "--time=4:00:00"]
      let submission = SlurmSubmission(job, shards: Array(0..<8), settings: settings, maximumArraySize: 5)
      #expect(submission.calls.map(\.offset) == [0, 5])
      #expect(submission.calls.map(\.shards) == [[0, 1, 2, 3, 4], [5, 6, 7]])
      #expect(submission.calls[1].arguments.contains("--array=0-2"))
      // People's options come behind ours, before the script.
      #expect(Array(submission.calls[0].arguments.suffix(4).prefix(2)) == settings.options)
      #expect(submission.calls[0].arguments.last == "0" && submission.calls[1].arguments.last == "5")
      let missing = SlurmSubmission(job, shards: [3, 6, 7], settings: settings, maximumArraySize: 5)
      #expect(missing.calls.map { $0.arguments.first { $0.hasPrefix("--array") } } == ["--array=3", "--array=1-2"])
    }
  }

  @Test func aPathsPercentSignsAreNotSlurms() async throws {
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space, name: "50 % 'quoted'")
      let call = SlurmSubmission(job, shards: [0], settings: .init(), maximumArraySize: 5).calls[0]
      let output = try #require(call.arguments.first { $0.hasPrefix("--output=") })
      #expect(output.hasSuffix("/50 %% 'quoted'/logs/%A_%a.log"))
    }
  }

  @Test func slurmIsAskedForItsLimitAndItsQueue() async throws {
    let calls = Mutex<[[String]]>([])
    let program = EngineProgram { name, arguments in
      calls.withLock { $0.append([name] + arguments) }
      switch name {
      case "scontrol":
        return .init(status: 0, output: "MaxArrayTasks = 3\nMaxArraySize            = 11\nMaxDBDMsgs = 2\n")
      case "sbatch": return .init(status: 0, output: "\(calls.withLock { $0.count });cluster\n")
      default: return .init(status: 0, output: "2 0 RUNNING\n2 4 PENDING\n77 1 PENDING\n")
      }
    }
    #expect(SlurmSubmission.maximumArraySize(program) == 11)
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space)
      var settings = SlurmSubmission.Settings()
      settings.mergeInto = "/tmp/all.db"
      let submission = try SlurmSubmission.prepare(
        job, shards: Array(0..<8), settings: settings, start: StartCommand(program: "/opt/bench", options: []),
        maximumArraySize: 5, warn: { _ in Issue.record("nothing to warn of") })
      #expect(try submission.submit(program) == ["2;cluster", "3;cluster", "4;cluster"])
      #expect(calls.withLock { $0.last }?.contains("--dependency=afterany:2:3") == true)
      #expect(SlurmSubmission.queued(job.folder, program: program) == [0, 4])
      #expect(SlurmSubmission.queued(job.folder, onlyPending: true, program: program) == [4])
      let script = try String(contentsOf: job.folder.slurmScript, encoding: .utf8)
      #expect(script.contains("bench=${BENCH_PROGRAM:-/opt/bench}"))
      #expect(try shellAccepts(script))
    }
  }

  /// What Debian's Slurm 22.05 answers to `scontrol show config`.
  @Test func aThousandShardsFitARecordedSlurm() async throws {
    let recorded = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Fixtures/scontrol-show-config-22.05.txt")
    let configuration = try String(contentsOf: recorded, encoding: .utf8)
    let lists = Mutex<[String]>([])
    let program = EngineProgram { name, arguments in
      if name == "scontrol" { return .init(status: 0, output: configuration) }
      // As slurmctld has it: the largest index is one less than MaxArraySize.
      let list = arguments.first { $0.hasPrefix("--array=") } ?? ""
      lists.withLock { $0.append(list) }
      let last = list.split(whereSeparator: { "=-,".contains($0) }).last.flatMap { Int($0) } ?? .max
      return last < 1001
        ? .init(status: 0, output: "7\n") : .init(status: 1, output: "", errors: "sbatch: error: Invalid job array\n")
    }
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space, shards: 2500)
      var warnings: [String] = []
      let submission = try SlurmSubmission.prepare(
        job, shards: Array(0..<2500), settings: .init(), start: StartCommand(program: "bench", options: []),
        maximumArraySize: nil, program: program, warn: { warnings.append($0) })
      #expect(try submission.submit(program).count == 3 && warnings.isEmpty)
      #expect(lists.withLock { $0 } == ["--array=0-1000", "--array=0-1000", "--array=0-497"])
      #expect(
        SlurmSubmission.queued(job.folder, program: .init { _, _ in .init(status: 0, output: "7 0 RUNNING\n") }) == [
          2002
        ])
    }
  }

  @Test func aPathWithABackslashIsRefused() async throws {
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space, name: "a \\b")
      let error = #expect(throws: UsageError.self) {
        try SlurmSubmission.prepare(
          job, shards: [0], settings: .init(), start: StartCommand(program: "bench", options: []), maximumArraySize: 5,
          warn: { _ in })
      }
      #expect(error?.description.contains("below a path with a backslash") == true)
    }
  }

  @Test func aProgramsPathIsAWordOfTheScripts() async throws {
    try await Workspace.inTemporaryFolder { space in
      var settings = SlurmSubmission.Settings()
      settings.mergeInto = "/tmp/a'b.db"
      let program = "/opt/my bin's/`work`/bench"
      let job = try job(space)
      _ = try SlurmSubmission.prepare(
        job, shards: [0], settings: settings, start: StartCommand(program: program, options: []), maximumArraySize: 5,
        warn: { _ in })
      for script in [job.folder.slurmScript, job.folder.mergeScript] {
        let text = try String(contentsOf: script, encoding: .utf8)
        #expect(text.contains("bench=${BENCH_PROGRAM:-'/opt/my bin'\\''s/`work`/bench'}\n"))
        #expect(try shellAccepts(text))
      }
    }
  }

  private func shellAccepts(_ script: String) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-n", "-c", script]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test func whatSbatchSaysIsTold() async throws {
    let refusing = EngineProgram { _, _ in .init(status: 1, output: "", errors: "sbatch: error: invalid partition\n") }
    #expect(SlurmSubmission.maximumArraySize(refusing) == nil)
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space)
      #expect(SlurmSubmission.queued(job.folder, program: refusing) == [])
      let submission = SlurmSubmission(job, shards: [0], settings: .init(), maximumArraySize: 5)
      let error = #expect(throws: OperationalError.self) { try submission.submit(refusing) }
      #expect(error?.description.hasPrefix("sbatch ended with 1: sbatch: error: invalid partition; ") == true)
      // Where Slurm does not say its largest array, its default is taken, and that is said.
      var warnings: [String] = []
      let silent = try SlurmSubmission.prepare(
        job, shards: [0], settings: .init(), start: StartCommand(program: "bench", options: []), maximumArraySize: nil,
        program: refusing, warn: { warnings.append($0) })
      #expect(warnings.count == 1 && warnings[0].contains("taken to be 1001") && silent.calls.count == 1)
    }
  }

  @Test(arguments: [
    ("quick", "bench-quick"), ("Läufe & more_1", "bench-l-ufe-more-1"), ("---", "bench"),
    (String(repeating: "a", count: 90), "bench-" + String(repeating: "a", count: 40)),
  ]) func aKubernetesNameIsALabelOfDNS(study: String, name: String) { #expect(KubernetesJob.name(study) == name) }

  @Test func aPodTrainsTheShardOfItsIndex() async throws {
    try await Workspace.inTemporaryFolder { space in
      var settings = KubernetesJob.Settings(image: "registry/bench:1", claim: "claim", folder: "jobs/a \"b\"")
      settings.data = "data"
      let job = try job(space)
      #expect(KubernetesJob.filesNeeded(job) == [], "the digits are drawn")
      let yaml = KubernetesJob.yaml(job, settings, start: StartCommand(program: "/opt/bench", options: ["$(HOME)"]))
      for line in [
        "  completionMode: \"Indexed\"", "  completions: 8", "      restartPolicy: \"Never\"",
        "            - \"/bench/jobs/a \\\"b\\\"\"", "            - \"auto\"", "            - \"/bench/data\"",
        "            - \"$$(HOME)\"",
      ] { #expect(yaml.contains(line + "\n"), "\(line)") }
    }
  }

  @Test func theScriptNamesTheShardsThatAreLeft() async throws {
    try await Workspace.inTemporaryFolder { space in
      let job = try job(space, shards: 3)
      let text = ScriptInstructions.text(
        job, shards: [0, 2], start: StartCommand(program: "/opt/bench", options: []), database: "all.db")
      #expect(text.contains("for shard in 0 2; do\n  /opt/bench run --job "))
      #expect(text.contains("queue SHARD in (0, 2)"))
      #expect(try shellAccepts(text))
    }
  }
}
