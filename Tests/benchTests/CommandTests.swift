import Experiments
import Foundation
import GRDB
import Presentation
import StudySupport
import Testing

/// The commands that look at what was trained.
@Suite struct CommandTests {
  @Test func showTellsAllOfATrialAsTextAndJSON() async throws {
    try await inTrainedFolder { program, key in
      let text = try await program.run("show", String(key.prefix(10)))
      #expect(text.code == 0, "\(text.errors)")
      for part in [
        key, "small: lr 0.1", "state           done", "run g.json", "data digest", "bench verify", "kernels v",
      ] {
        #expect(text.output.contains(part), "\(part) in \(text.output)")
      }
      let json = try json(await program.run("show", key, "--format", "json"))
      #expect(json["trial"]?.string == key && json["state"]?.string == "done")
      #expect(json["result"]?["trace_digest"]?.string == (try program.traceDigests()[key]))
      #expect(json["attempts"]?.array?.first?["command_line"]?.array?.last?.string == "g.json")
      #expect(json["result"]?["weights_digest"]?.string?.count == 64)
      #expect(json["evaluations"]?.array?.count == 2)
      #expect(json["settings"]?["configuration"]?["optimizer"]?["name"]?.string == "sgd")
    }
  }

  @Test(arguments: [("", "no trial's key begins with"), ("zz", "no trial's key begins with")])
  func showSaysWhichTrialIsMeant(prefix: String, says: String) async throws {
    try await inTrainedFolder { program, _ in
      let outcome = try await program.run("show", prefix)
      #expect(outcome.code == 1 && outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  @Test func verifyTrainsAgainAndFindsTheFirstBitThatDiffers() async throws {
    try await inTrainedFolder { program, key in
      let before = try program.measurements()
      let same = try await program.run("verify", key)
      #expect(same.code == 0 && same.output.contains("the same to the last bit: 60 losses, 2 evaluations"), "\(same)")
      #expect(try program.measurements() == before && program.attempts() == 6, "nothing is written")
      try program.meddle(
        "UPDATE batch_loss SET value = value + 1e-6 WHERE iteration >= 17 AND trial_id = (SELECT id FROM trial WHERE key = '\(key)')"
      )
      let changed = try await program.run("verify", key)
      #expect(
        changed.code == 1 && changed.output.contains("first difference at iteration 17: the batch loss is"),
        "\(changed)")
    }
  }

  @Test func listFiltersTrials() async throws {
    try await inTrainedFolder { program, _ in
      let some = try json(await program.run("list", "--where", "optimizer.lr<0.1 and seed=2", "--format", "json"))
      #expect(some.array?.count == 1 && some.array?[0]["label"]?.string == "lr 0.05")
      #expect(try json(await program.run("list", "small", "--state", "done", "--format", "json")).array?.count == 6)
      #expect(try json(await program.run("list", "--state", "failed", "--format", "json")).array?.isEmpty == true)
      for (condition, says) in [("seed<", "at character 6: the text ends"), ("optimizer.lrr=1", "no trial here has")] {
        let outcome = try await program.run("list", "--where", condition)
        #expect(outcome.code == 64 && outcome.errors.contains(says), "\(outcome.errors)")
      }
    }
  }

  @Test func statusShowsWhatIsAtWorkAndDisturbsNobody() async throws {
    try await Program.inTemporaryFolder { program in
      // Longer than any machine takes to look; it is stopped once it was seen.
      try program.write(SmallGrid(rates: [0.1], seeds: [0], iterations: 1_000_000).text, to: "g.json")
      let run = try await program.run(["run", "g.json", "--checkpoint-every", "20"]) { running in
        try await program.waitForCheckpoint(of: running)
        let status = try json(await program.run("status", "--format", "json"))
        let trial = try #require(status["running"]?.array?.first)
        #expect(trial["state"]?.string == "running" && trial["iterations"]?.int == 1_000_000)
        running.send(SIGINT)
      }
      #expect(run.code == 130, "\(run.errors)")
      let after = try await program.run("status")
      #expect(after.code == 0 && after.output.contains("nothing is at work"), "\(after.output)")
    }
  }

  @Test func planKnowsWhatTheStoreHas() async throws {
    try await inTrainedFolder { program, key in
      try program.meddle(
        "UPDATE attempt SET state = 'failed' WHERE trial_id = (SELECT id FROM trial WHERE key = '\(key)')")
      try program.write(SmallGrid(rates: [0.1, 0.05, 0.2]).text, to: "g.json")
      let plan = try json(await program.run("plan", "g.json", "--format", "json"))
      let rows = try #require(plan["configurations"]?.array)
      #expect(rows.map { $0["done"]?.int } == [2, 3, 0])
      #expect(rows.map { $0["failed"]?.int } == [1, 0, 0])
      #expect(rows.map { $0["missing"]?.int } == [0, 0, 3])
      #expect(plan["notes"]?.array?.first?.string?.contains("3 trials to train; disk to come") == true)
      #expect(try #require(plan["seconds_to_come"]?.double) > 0, "the third rate's steps are timed now")
      let untimed = try json(await program.run("plan", "g.json", "--format", "json", "--no-timing"))
      #expect(untimed["seconds_to_come"]?.double == nil)
    }
  }

  @Test func doctorLooksAtEverythingAndSeesADamagedStore() async throws {
    try await inTrainedFolder { program, _ in
      let sound = try await program.run("doctor", "--format", "json")
      #expect(sound.code == 0, "\(sound.output)")
      let checks = try json(sound).array?.compactMap { $0["check"]?.string } ?? []
      #expect(Set(checks) == ["processor", "gnuplot", "data", "disk", "store", "weights", "git", "Swift"])
      let file = URL(filePath: program.storePath)
      var bytes = try Data(contentsOf: file)
      for place in stride(from: 8_192, to: bytes.count, by: 512) { bytes[place] ^= 0xFF }
      try bytes.write(to: file)
      let damaged = try await program.run("doctor")
      #expect(damaged.code == 1 && damaged.output.contains("✗ store"), "\(damaged.output)")
    }
  }

  @Test(arguments: [("bash", "complete -o filenames"), ("zsh", "#compdef bench"), ("fish", "complete -c 'bench'")])
  func completionScriptsKnowTheCommands(shell: String, contains: String) async throws {
    try await Program.inTemporaryFolder { program in
      let script = try await program.run("--generate-completion-script", shell)
      #expect(script.code == 0 && script.output.contains(contains), "\(script.output.prefix(500))")
      #expect(script.output.contains("verify") && script.output.contains("retry-failed"))
    }
  }

  @Test(arguments: [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
  func completionScriptsAreReadByTheirShell(shell: String, options: [String]) async throws {
    let folders = ["/usr/bin/", "/bin/", "/usr/local/bin/"]
    let path = folders.map { $0 + shell }.first { FileManager.default.isExecutableFile(atPath: $0) }
    // Where a shell is not installed, nobody completes in it.
    guard let path else { return }
    try await Program.inTemporaryFolder { program in
      let script = try await program.run("--generate-completion-script", shell)
      try program.write(script.output, to: "completions")
      #expect(try Tool.run(path, options + [program.folder.appending(path: "completions").path]) == 0)
    }
  }

  @Test func divergedTrialsAreCountedAlikeEverywhere() async throws {
    try await Program.inTemporaryFolder { program in
      let grid = SmallGrid(rates: [1e6, 0.01], seeds: [0, 1])
      try program.write(grid.text.replacing("\"seeds\":", with: "\"loss\": \"mse\", \"seeds\":"), to: "g.json")
      let run = try await program.run("run", "g.json", "--limit", "3")
      #expect(run.output.contains("3 of 4 trials done, 2 of them diverged"), "\(run.output)")
      let again = try await program.run("run", "g.json", "--limit", "1")
      #expect(again.errors.contains("1 trial to train, 1 done and 2 diverged already"), "\(again.errors)")
      let list = try await program.run("list", "--format", "csv")
      #expect(list.output.contains("study,configurations,trials,done,diverged,running,failed,"), "\(list.output)")
      #expect(list.output.contains("small,2,4,2,2,0,0,"), "\(list.output)")
      let rows = try json(await program.run("plan", "g.json", "--format", "json"))["configurations"]?.array
      #expect(rows?.map { $0["done"]?.int } == [0, 2] && rows?.map { $0["diverged"]?.int } == [2, 0])
      let status = try await program.run("status", "--format", "csv")
      #expect(status.output.contains("small,4,0,0,0,0,0,2,2,"), "\(status.output)")
    }
  }

  @Test func verboseSaysEachEvaluation() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      let run = try await program.run("run", "g.json", "-v")
      let lines = run.errors.split(separator: "\n").filter { $0.contains("train loss") }
      #expect(
        lines.count == 2 && lines.first?.contains("lr 0.1 · seed 0  iteration 50  train loss ") == true, "\(lines)")
      #expect(lines.last?.contains("test loss ") == true && lines.last?.hasSuffix(" %") == true, "\(lines)")
    }
  }

  @Test func evaluateGivesTheLastScoresOfATrialsWeights() async throws {
    try await inTrainedFolder { program, key in
      let shown = try json(await program.run("show", key, "--format", "json"))
      let last = try #require(shown["evaluations"]?.array?.last?["test"])
      let own = try json(await program.run("evaluate", String(key.prefix(10)), "--format", "json"))
      #expect(own["test"]?["loss"] == last["loss"] && own["test"]?["accuracy"] == last["accuracy"])
      #expect(own["trial"]?.string == key && own["validation"] == nil)
      #expect(try await program.run("export", "weights", key, "-o", "w.safetensors").code == 0)
      // Another rate is another configuration of the same network.
      let given = try json(
        await program.run(
          "evaluate", "g.json", "--weights", "w.safetensors", "--set", "optimizer.lr=1", "--format", "json"))
      #expect(given["test"] == own["test"] && given["weights"]?.string == "w.safetensors")
      let scored = try await program.run(
        "evaluate", "g.json", "--weights", "w.safetensors", "--set", #"metrics=["f1_macro"]"#, "--format", "csv")
      #expect(scored.output.hasPrefix("label,trial,weights,split,examples,loss,accuracy,f1_macro"), "\(scored)")
      let text = try await program.run("evaluate", key)
      #expect(text.code == 0 && text.output.contains("test") && text.output.contains("seed"), "\(text)")
    }
  }

  @Test func mistakesInAnEvaluationAreNamed() async throws {
    try await inTrainedFolder { program, key in
      let cases: [(arguments: [String], code: Int32, says: String)] = [
        (["g.json"], 64, "--weights is missing: g.json has no weights"), (["lab7"], 64, "--weights is missing"),
        (["nowhere.json"], 64, "nowhere.json: there is no such grid file"),
        ([key, "--set", "optimizer.lr=1"], 64, "--set is for a grid"),
        ([key, "--label", "x"], 64, "--label is for a grid"),
        ([key, "--weights", "absent.safetensors"], 64, "absent.safetensors"), (["zz"], 1, "no trial's key begins with"),
        (["g.json", "--weights", "g.json"], 64, "g.json: "), ([key, "--threads", "0"], 64, "expected at least 1"),
      ]
      for (arguments, code, says) in cases {
        let outcome = try await program.run(["evaluate"] + arguments)
        #expect(outcome.code == code && outcome.errors.contains(says), "\(arguments): \(outcome)")
      }
    }
  }

  /// A folder where a small grid was trained, and the key of the first of its trials.
  private func inTrainedFolder(_ body: (Program, String) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let outcome = try await program.run("run", "g.json")
      try #require(outcome.code == 0, "\(outcome.errors)")
      let key = try program.query {
        try String.fetchOne($0, sql: "SELECT trial FROM trials WHERE label = 'lr 0.1' AND seed = 0")
      }
      try await body(program, #require(key))
    }
  }

  private func json(_ outcome: Program.Outcome) throws -> JSONValue {
    #expect(outcome.code == 0 || !outcome.output.isEmpty, "\(outcome.errors)")
    var reader = JSONReader(Array(outcome.output.utf8))
    return try reader.read().value
  }
}
