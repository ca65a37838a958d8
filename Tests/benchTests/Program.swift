import Foundation
import Subprocess
import Testing

/// The built program, run as a person runs it, in a folder of its own.
struct Program {
  /// What came of a run.
  struct Outcome {
    let code: Int
    let output: String
    let errors: String
  }

  /// The folder that the program works in; removed by ``inTemporaryFolder(_:)``.
  let folder: URL

  /// The folder of the checkout.
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

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
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(Program(folder: folder))
  }

  /// Runs the program to its end.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
    try await run(arguments, environment: environment)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
    var values: [Environment.Key: String?] = ["BENCH_DB": nil, "BENCH_JOBS": nil, "NO_COLOR": "1"]
    for (name, value) in environment { values[Environment.Key(rawValue: name) ?? "BENCH_UNUSED"] = value }
    let result = try await Subprocess.run(
      .path(.init(Self.executable.path)), arguments: .init(arguments), environment: .inherit.updating(values),
      workingDirectory: .init(folder.path), output: .string(limit: 64 << 20), error: .string(limit: 64 << 20))
    let code =
      switch result.terminationStatus {
      case .exited(let code): Int(code)
      case .signaled(let signal): 128 + Int(signal)
      }
    return Outcome(code: code, output: result.standardOutput, errors: result.standardError)
  }

  /// Writes a file into the folder.
  func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  /// What lies in the folder, below it too.
  var contents: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
  }

  private static func isDirectory(_ url: URL) -> Bool {
    (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
  }
}
