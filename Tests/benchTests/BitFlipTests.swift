import Experiments
import Foundation
import GRDB
import StudySupport
import TestSupport
import Testing

/// One bit of a file is another than was written: `make soak` flips 500, drawn from all files that the program trusts.
@Suite struct BitFlipTests {
  private static let flips = ProcessInfo.processInfo.environment["BENCH_SOAK_FLIPS"].flatMap { Int($0) } ?? 4
  private static let seed = ProcessInfo.processInfo.environment["BENCH_SOAK_SEED"].flatMap { UInt64($0) } ?? 0

  /// A file that the program trusts.
  enum Target: String, CaseIterable, Sendable {
    case store, checkpoint, weights, baseline

    /// The commands that read it.
    fileprivate var readers: [[String]] {
      switch self {
      case .store:
        [
          ["list", "small"], ["report", "small", "--format", "json"],
          ["compare", "base.json", "again.db", "--format", "json"],
          ["export", "csv", "small"], ["export", "csv", "small", "--curves"], ["export", "json", "small"],
          ["baseline", "export", "base"], ["export", "weights", "TRIAL", "-o", "out"],
          ["export", "onnx", "TRIAL", "-o", "out"],
        ]
      case .checkpoint: [["run", "g.json", "-q", "-j", "1"]]
      case .weights:
        [
          ["export", "weights", "TRIAL", "-o", "out"], ["export", "onnx", "TRIAL", "-o", "out"],
          ["show", "TRIAL", "--kernels"],
        ]
      case .baseline: [["compare", "base.json", "again.db", "--format", "json"]]
      }
    }
  }

  private static let grid = """
    {"name": "small", "dataset": {"name": "digits", "train": 60, "test": 40},
     "model": {"layers": [{"type": "conv2d", "out_channels": 2, "kernel_size": 5, "stride": 3}, {"type": "relu"},
       {"type": "flatten"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9},
     "training": {"batch_size": 20, "iterations": ITERATIONS, "evaluate_every": 20}, "seeds": [0, 1, 2]}
    """

  /// What a command says, and what it writes.
  private struct Answer: Equatable {
    var code: Int
    /// What it prints, names and numbers; of what is trained on, the rows.
    var lines: [String]
    var file: Data?
    var errors: String

    /// Whether all of it is what an undisturbed command prints.
    func isSame(as other: Answer) -> Bool {
      code == other.code && lines == other.lines && file == other.file
    }
  }

  @Test(arguments: Target.allCases) func aFlippedBitIsFoundOrHarmless(_ target: Target) async throws {
    try await Program.inTemporaryFolder { start in
      let (file, key) = try await prepare(start, target)
      let readers = target.readers.map { $0.map { $0 == "TRIAL" ? key : $0 } }
      let expected = try await start.copied { try await answers($0, readers) }
      #expect(
        expected.allSatisfy { !$0.errors.contains("bench: ") && !($0.lines.isEmpty && $0.file == nil) },
        "the test tests something: \(expected)")
      let bytes = try Data(contentsOf: start.folder.appending(path: file))
      var random = SeededGenerator(seed: Self.seed &+ UInt64(bytes.count))
      var tally = ["found": 0, "told and harmless": 0, "without effect": 0]
      for _ in 0..<Self.flips {
        let bit = Int.random(in: 0..<bytes.count * 8, using: &random)
        var flipped = bytes
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        try await start.copied { program in
          let place: Comment = "bit \(bit % 8) of byte \(bit / 8) of \(target.rawValue)"
          try flipped.write(to: program.folder.appending(path: file))
          var (isFound, isTold) = (false, false)
          for (command, (answer, whole)) in zip(readers, zip(try await answers(program, readers), expected)) {
            // 1 is the program's own word for what it can't read; 124 a hang, 128 and more a crash.
            #expect([0, 1, 2, 3, 64].contains(answer.code), "\(place): \(command): \(answer)")
            if answer.code != whole.code {
              #expect(answer.errors.contains("bench: "), "\(place): \(command): \(answer)")
              isFound = true
            } else {
              #expect(answer.isSame(as: whole), "\(place): \(command) says nothing and prints something else")
              isTold = isTold || answer.errors != whole.errors
            }
          }
          tally[isFound ? "found" : isTold ? "told and harmless" : "without effect", default: 0] += 1
        }
      }
      if Self.flips > 4 {
        let counts = tally.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
        FileHandle.standardError.write(Data("\(target.rawValue): \(Self.flips) bits flipped; \(counts)\n".utf8))
      }
    }
  }

  /// Trains, and makes the file that is to be changed.
  ///
  /// - Returns: its path in the folder, and a trial's key.
  private func prepare(_ program: Program, _ target: Target) async throws -> (file: String, key: String) {
    let iterations = target == .checkpoint ? 3000 : 40
    try program.write(Self.grid.replacing("ITERATIONS", with: "\(iterations)"), to: "g.json")
    let run = ["run", "g.json", "-q", "-j", "1"]
    if target == .checkpoint {
      let stopped = try await program.stopInTheMiddle(run + ["--checkpoint-every", "50"], signals: [SIGTERM])
      #expect(stopped.code != 0, "\(stopped)")
      return (".bench/checkpoints/bench.db/" + (try #require(program.checkpointNames.first)), "")
    }
    let again = run + ["--db", "again.db", "--no-weights"]
    for command in [again, run, ["baseline", "save", "base"], ["baseline", "export", "base", "base.json"]] {
      let outcome = try await program.run(command)
      #expect(outcome.code == 0, "\(command): \(outcome)")
    }
    // The log belongs to the store; what lies there is in it after this.
    try program.meddle("PRAGMA wal_checkpoint(TRUNCATE)")
    let (key, weights) = try program.query { database in
      let row = try Row.fetchOne(
        database,
        sql:
          "SELECT trial.key, weights_digest FROM trial JOIN attempt ON attempt.id = trial.attempt_id ORDER BY trial.id")
      return (row?[0] ?? "", row?[1] ?? "") as (String, String)
    }
    switch target {
    case .store: return (".bench/bench.db", key)
    case .weights: return (".bench/weights/bench.db/\(weights).safetensors", key)
    case .baseline, .checkpoint: return ("base.json", key)
    }
  }

  private func answers(_ program: Program, _ commands: [[String]]) async throws -> [Answer] {
    var answers: [Answer] = []
    for command in commands {
      let outcome = try await program.run(command)
      let written = command.contains("-o") ? "out" : try program.contents.first { $0.hasSuffix("/kernels.tsv") }
      let file = written.flatMap { try? Data(contentsOf: program.folder.appending(path: $0)) }
      // What a trial took is measured anew where it is trained on, so that its rows are read instead.
      let lines =
        command[0] == "run" && outcome.code == 0
        ? try program.measurements()
          + program.weights().sorted { $0.key < $1.key }.map { ContentDigest.hex(of: $0.value) }
        : outcome.output.split(separator: "\n").map(String.init)
      answers.append(Answer(code: outcome.code, lines: lines, file: file, errors: outcome.errors))
    }
    return answers
  }
}
