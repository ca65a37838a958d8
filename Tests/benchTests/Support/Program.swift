import Files
import Foundation
import StudySupport
import Testing

/// The built program, run as a person runs it, in a folder of its own.
struct Program: StudyFolder {
  /// What came of a run.
  struct Outcome {
    let code: Int
    let output: String
    let errors: String
  }

  /// The program was still at work when its test was cancelled, at its time limit for one, and was killed.
  struct StillAtWork: Error, CustomStringConvertible {
    let command: [String]

    var description: String { "still at work when the test was cancelled, and killed: \(command)" }
  }

  /// A program at work, which leads a group of processes of its own.
  struct Running {
    fileprivate let process: ChildProcess

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// Sends it a signal, if it has not ended.
    func send(_ signal: Int32) {
      if process.isRunning { kill(process.identifier, signal) }
    }

    /// Ends it, and what it has started.
    fileprivate func end() {
      // It does not lead its group before `setsid` has run.
      for target in [-process.identifier, process.identifier] where process.isRunning { kill(target, SIGKILL) }
      _ = process.finish()
    }
  }

  /// The folder that the program works in; removed by ``inTemporaryFolder(_:)``.
  let folder: URL
  /// What starts it, where it is not started directly: a program and its arguments before the path of ours.
  var launcher: [String] = []

  /// The folder of the checkout.
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The program lies beside the tests.
  static var executable: URL {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "bench")
      if FileManager.default.isExecutableFile(atPath: candidate.path), !isDirectory(candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return package.appending(path: ".build/debug/bench")
  }

  /// Gives `body` a program in an empty folder that is removed afterwards.
  static func inTemporaryFolder<T>(_ body: (Program) async throws -> T) async throws -> T {
    try await inTemporaryFolder({ Program(folder: $0) }, body)
  }

  /// Runs the program to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
    try await run(arguments, environment: environment)
  }

  /// Runs the program to its end, while `body` watches and may send it signals.
  ///
  /// - Throws: ``StillAtWork`` where the test is cancelled before, and what `body` throws; the program is killed then.
  func run(
    _ arguments: [String], environment: [String: String] = [:],
    during body: (Running) async throws -> Void = { _ in }
  ) async throws -> Outcome {
    // What it says goes into files, so that no full pipe can stop it.
    let said = FileManager.default.temporaryDirectory.appending(path: "bench-said-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: said, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: said) }
    let files = ["output", "errors"].map { said.appending(path: $0) }
    // It may be killed before it has opened them.
    for file in files { try Data().write(to: file) }
    let command = launcher + [Self.executable.path] + arguments
    let settings = ["NO_COLOR": "1"].merging(environment) { $1 }
    let unset = ["BENCH_DB", "BENCH_JOBS"].flatMap { ["-u", $0] }
    // Foundation's `Process` reads past a directory entry when it starts a program, which AddressSanitizer stops.
    let process = try ChildProcess(
      "/usr/bin/setsid",
      ["/bin/sh", "-c", "out=$1 err=$2; shift 2; exec env \"$@\" >\"$out\" 2>\"$err\"", "sh"] + files.map(\.path)
        + unset
        + settings.map { "\($0.key)=\($0.value)" } + command,
      folder: folder.path)
    let running = Running(process: process)
    do {
      try await body(running)
      while running.isRunning { try await Task.sleep(for: .milliseconds(2)) }
    } catch is CancellationError {
      running.end()
      throw StillAtWork(command: command)
    } catch {
      running.end()
      throw error
    }
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(code: Int(process.finish().status), output: texts[0], errors: texts[1])
  }

  private static func isDirectory(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}
