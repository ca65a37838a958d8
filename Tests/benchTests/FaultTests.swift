import Files
import Foundation
import GRDB
import StudySupport
import TestSupport
import Testing

/// A disk that fails, is full, or loses its power at a chosen system call, under every command that writes:
/// `make soak` tries `BENCH_SOAK_FAULTS` faults with each.
///
/// After each fault the command is run again, and all that lies in the folder then must be as if nothing had happened.
@Suite(.enabled(if: FaultLibrary.isAvailable, "needs a C compiler"))
struct FaultTests {
  static let faults = ProcessInfo.processInfo.environment["BENCH_SOAK_FAULTS"].flatMap { Int($0) } ?? 2
  private static let seed = ProcessInfo.processInfo.environment["BENCH_SOAK_SEED"].flatMap { UInt64($0) } ?? 0

  /// A command that writes.
  struct Scenario: Sendable, CustomTestStringConvertible {
    var name: String
    var command: [String]
    /// What is there before.
    var start = Start.trained
    /// The file that it writes, which is the old one or the new one at any moment.
    var file: String?
    /// What is run after a fault, where that is not the command itself.
    var repair: [[String]]?

    var testDescription: String { name }
  }

  /// What a command finds.
  enum Start: Hashable {
    /// The grid alone.
    case grid
    /// A study that has been trained on since its report, with a baseline of then, and old files in all places.
    case trained
    /// The same, with files that no row names, and rows that were removed.
    case littered
    /// A store of an older program.
    case older
    /// Nothing; the data set lies on a server that the command asks.
    case nothing
  }

  static let scenarios: [Scenario] = [
    Scenario(name: "run", command: ["run", "g.json", "-q", "-j", "1", "--checkpoint-every", "10"], start: .grid),
    Scenario(name: "run --rerun", command: ["run", "g.json", "-q", "-j", "1", "--rerun", "--checkpoint-every", "10"]),
    Scenario(name: "report", command: ["report", "small", "-q"]),
    Scenario(name: "baseline save", command: ["baseline", "save", "base"]),
    Scenario(
      name: "bringing an older store up to date", command: ["baseline", "save", "good"], start: .older,
      file: ".bench/bench.db.before-v9-annotations"),
    Scenario(name: "baseline export", command: ["baseline", "export", "base", "file"], file: "file"),
    Scenario(
      name: "compare --record", command: ["compare", "base", "again.db", "--record", "--junit", "file"], file: "file"),
    Scenario(name: "export csv", command: ["export", "csv", "small", "-o", "file"], file: "file"),
    Scenario(name: "export json", command: ["export", "json", "small", "-o", "file"], file: "file"),
    Scenario(name: "export npz", command: ["export", "npz", "small", "-o", "file"], file: "file"),
    Scenario(name: "export weights", command: ["export", "weights", "TRIAL", "-o", "file"], file: "file"),
    Scenario(name: "data show", command: ["data", "show", "digits", "-o", "file"], file: "file"),
    Scenario(
      name: "data fetch", command: ["data", "fetch", "mnist", "--mirror", "SERVER", "--data", "data"], start: .nothing),
    Scenario(
      name: "rm", command: ["rm", "TRIAL", "--force", "--yes"],
      repair: [["rm", "TRIAL", "--force", "--yes"], ["gc", "--yes"]]),
    Scenario(name: "gc", command: ["gc", "--yes"], start: .littered),
    Scenario(name: "show", command: ["show", "TRIAL", "--kernels", "--confusion", "--mistakes"]),
  ]

  /// Two trials with checkpoints, evaluations and weights.
  private static let grid = """
    {"name": "small", "dataset": {"name": "digits", "train": 60, "test": 40},
     "model": {"layers": [{"type": "conv2d", "out_channels": 2, "kernel_size": 5, "stride": 3}, {"type": "relu"},
       {"type": "flatten"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.05},
     "training": {"batch_size": 20, "iterations": 40, "evaluate_every": 20}, "seeds": [0, 1]}
    """

  /// The published files of a data set, where they are on this machine.
  private static let published: String? = {
    let folder = ProcessInfo.processInfo.environment["BENCH_DATA"].map { "\($0)/mnist" }
    let isHere = folder.map { FileManager.default.fileExists(atPath: "\($0)/train-images-idx3-ubyte.gz") } ?? false
    return isHere && FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") ? folder : nil
  }()

  @Test(arguments: scenarios.filter { $0.start != .nothing || published != nil }) func nothingIsLostOrSilentlyWrong(
    _ scenario: Scenario
  ) async throws {
    try await Program.inTemporaryFolder { tools in
      try await Program.inTemporaryFolder { start in
        let fault = try FaultLibrary(in: tools.folder)
        let server = scenario.start == .nothing ? try FileServer(of: Self.published ?? "") : nil
        defer { server?.stop() }
        let key = try await prepare(start, for: scenario)
        func filled(_ words: [String]) -> [String] {
          words.map { $0 == "SERVER" ? server?.address ?? $0 : $0 == "TRIAL" ? key : $0 }
        }
        let command = filled(scenario.command)
        let before = try FolderState(of: start.folder)
        // Twice, since a fault is not to be blamed for what differs without one.
        let undisturbed = try await start.copied { program in
          let outcome = try await program.run(command, environment: fault.environment(nil))
          #expect(outcome.code == 0, "\(outcome)")
          return try FolderState(of: program.folder)
        }
        let calls = try fault.calls()
        try await start.copied { program in
          let outcome = try await program.run(command)
          let again = try FolderState(of: program.folder)
          let differences = again.differences(from: undisturbed)
          #expect(outcome.code == 0 && differences == [], "\(scenario.name): \(differences)")
        }
        let trial = Trial(
          scenario: scenario, command: command, repair: scenario.repair?.map(filled) ?? [command], start: start,
          before: before, after: undisturbed, fault: fault)
        var random = SeededGenerator(seed: scenario.name.utf8.reduce(Self.seed) { $0 &* 31 &+ UInt64($1) })
        var tally: [String: Int] = [:]
        for _ in 0..<100 where tally.values.reduce(0, +) < Self.faults {
          for fault in Self.draw(from: calls, using: &random) where tally.values.reduce(0, +) < Self.faults {
            if let end = try await trial.meets(fault) { tally["\(fault.kind): \(end)", default: 0] += 1 }
          }
        }
        #expect(tally.values.reduce(0, +) == Self.faults, "\(scenario.name): the test tests something; \(calls)")
        if Self.faults > 2 {
          let counts = tally.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")
          FileHandle.standardError.write(Data("\(scenario.name): \(Self.faults) faults; \(counts)\n".utf8))
        }
      }
    }
  }

  /// Every kind at every kind of call that is made, each at a call drawn from all; in a drawn order.
  private static func draw(
    from calls: [FaultLibrary.Call: Int], using random: inout SeededGenerator
  ) -> [FaultLibrary.Fault] {
    var faults: [FaultLibrary.Fault] = []
    for call in FaultLibrary.Call.allCases {
      for kind in FaultLibrary.Kind.allCases where kind != .killHalfway || [.write, .pwrite].contains(call) {
        guard let count = calls[call], count > 0, kind != .full || [.write, .pwrite, .mkdir].contains(call) else {
          continue
        }
        faults.append(.init(kind: kind, call: call, number: .random(in: 1...count, using: &random)))
      }
    }
    return faults.shuffled(using: &random)
  }

  /// Makes what the command finds.
  ///
  /// - Returns: the key of a trial, where there is one.
  private func prepare(_ program: Program, for scenario: Scenario) async throws -> String {
    if scenario.start == .nothing { return "" }
    if scenario.start == .older {
      let dump = OldStoreTests.fixtures.appending(path: "schema-v5-loss-interval.sql")
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: ".bench"), withIntermediateDirectories: true)
      try program.meddle(String(contentsOf: dump, encoding: .utf8))
      return ""
    }
    try program.write(Self.grid, to: "g.json")
    guard scenario.start != .grid else { return "" }
    for command in [
      ["run", "g.json", "-q", "-j", "1", "--limit", "1", "--checkpoint-every", "10"], ["report", "small", "-q"],
      ["baseline", "save", "base"], ["run", "g.json", "-q", "-j", "1"],
    ] {
      let outcome = try await program.run(command)
      #expect(outcome.code == 0, "\(command): \(outcome)")
    }
    let again = try await program.run("run", "g.json", "-q", "-j", "1", "--db", "again.db", "--no-weights")
    #expect(again.code == 0, "\(again)")
    let key = try program.query { try String.fetchOne($0, sql: "SELECT key FROM trial ORDER BY id") ?? "" }
    try program.write("old", to: "file")
    #expect(try await program.run("show", key, "--kernels").code == 0)
    if scenario.start == .littered {
      #expect(try await program.run("rm", key, "--force", "--yes").code == 0)
      let digest = String(repeating: "0d", count: 32)
      for name in ["weights/bench.db/\(digest).safetensors", "checkpoints/bench.db/\(digest).checkpoint"] {
        try program.write("stray", to: ".bench/\(name)")
      }
    }
    return key
  }
}

/// A scenario that faults are tried on.
private struct Trial {
  var scenario: FaultTests.Scenario
  var command: [String]
  /// What mends it.
  var repair: [[String]]
  var start: Program
  var before: FolderState
  var after: FolderState
  var fault: FaultLibrary

  /// Runs the command with a fault, and again without.
  ///
  /// - Returns: how it ended; `nil` where it came to its end before the fault.
  func meets(_ disturbance: FaultLibrary.Fault) async throws -> String? {
    try await start.copied { program in
      let place: Comment = "\(scenario.name): \(disturbance)"
      let outcome = try await program.run(command, environment: fault.environment(disturbance))
      guard try fault.calls()[disturbance.call, default: 0] >= disturbance.number else { return nil }
      let isKill = disturbance.kind.rawValue.hasPrefix("kill")
      #expect(isKill ? outcome.code == 137 : [0, 1].contains(outcome.code), "\(place): \(outcome)")
      if outcome.code == 1 {
        #expect(outcome.errors.contains("bench: ") && !outcome.errors.contains("NSCocoa"), "\(place): \(outcome)")
      }
      try checkFiles(of: program, place)
      // What is told to be done is done.
      if outcome.code == 0 { try expectAll(program, "\(place), which it didn't tell", mayLeaveDrafts: true) }
      for command in repair {
        let again = try await program.run(command)
        #expect(again.code == 0, "\(place), then: \(again)")
      }
      try expectAll(program, "\(place), then run again")
      return isKill ? "killed" : outcome.code == 0 ? "overcome" : "told"
    }
  }

  /// No place holds half a file.
  private func checkFiles(of program: Program, _ place: Comment) throws {
    let now = try FolderState(of: program.folder)
    if let file = scenario.file {
      #expect([before.files[file], after.files[file]].contains(now.files[file]), "\(place): \(file) is neither")
    }
    if scenario.name == "report" {
      let report = now.part("reports/small", excluding: "trials")
      #expect(
        [before, after].contains { $0.part("reports/small", excluding: "trials") == report },
        "\(place): the report is neither the old one nor the new one")
    }
    for (name, data) in now.files
    where name.contains("/trials/")
      && !name.split(separator: "/").contains(where: { $0.hasPrefix(".") && $0 != ".bench" })
    {
      #expect([before.files[name], after.files[name]].contains(data), "\(place): \(name) is neither")
    }
  }

  /// - Parameter mayLeaveDrafts: what could not be removed is the next command's to remove.
  private func expectAll(_ program: Program, _ place: Comment, mayLeaveDrafts: Bool = false) throws {
    var now = try FolderState(of: program.folder)
    if mayLeaveDrafts { for draft in now.drafts { now.files[draft] = nil } }
    let differences = now.differences(from: after)
    #expect(differences == [] && now.drafts == [], "\(place): \(differences) \(now.drafts)")
  }
}

/// Python's web server on a folder, on a port that the system chooses.
private struct FileServer {
  let address: String
  private let process: ChildProcess

  init(of folder: String) throws {
    process = try ChildProcess(
      "/usr/bin/python3", ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder])
    // "Serving HTTP on 127.0.0.1 port 43267 (http://127.0.0.1:43267/) ..."
    let said = String(
      decoding: FileHandle(fileDescriptor: process.output, closeOnDealloc: false).availableData, as: UTF8.self)
    address = said.firstMatch(of: /http:\/\/[0-9.:]+\//).map { String($0.output) } ?? ""
  }

  func stop() { process.stop() }
}
