import Files
import Foundation

/// Programs of an engine, such as `sbatch`; replaced in tests.
package struct EngineProgram: Sendable {
  /// What a program printed, and how it ended.
  package struct Result: Sendable {
    package var status: Int
    package var output: String
    package var errors: String

    package init(status: Int, output: String, errors: String = "") {
      (self.status, self.output, self.errors) = (status, output, errors)
    }
  }

  /// Runs a program with these words, without a shell.
  let run: @Sendable (_ name: String, _ arguments: [String]) throws -> Result

  /// Creates a way to run programs.
  package init(_ run: @escaping @Sendable (String, [String]) throws -> Result) { self.run = run }

  /// Finds programs on the path.
  package static let system = EngineProgram(start)

  private static func start(_ name: String, _ arguments: [String]) throws -> Result {
    let process: ChildProcess
    do { process = try ChildProcess(name, arguments) } catch {
      throw OperationalError(
        "\(name) can't be started: \(SystemReason.of(code: error.code)). On a machine without it, bench submit script says "
          + "how to start the shards.")
    }
    switch process.outcome(limit: 256 << 20, seconds: 300) {
    case .ended(let status, let output, let errors):
      return Result(status: Int(status), output: output, errors: errors)
    case .tooSlow: return Result(status: -1, output: "", errors: "it did not answer within five minutes")
    case .tooLong: return Result(status: -1, output: "", errors: "it said more than 268 MB")
    }
  }
}
