import Foundation
import Subprocess

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
  let run: @Sendable (_ name: String, _ arguments: [String]) async throws -> Result

  /// Creates a way to run programs.
  package init(_ run: @escaping @Sendable (String, [String]) async throws -> Result) { self.run = run }

  /// Finds programs on the path.
  package static let system = EngineProgram { name, arguments in
    do {
      let result = try await Subprocess.run(
        .name(name), arguments: .init(arguments), output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
      guard case .exited(let status) = result.terminationStatus else {
        return Result(status: -1, output: "", errors: "a signal ended it")
      }
      return Result(status: Int(status), output: result.standardOutput ?? "", errors: result.standardError ?? "")
    } catch {
      throw OperationalError(
        "\(name) can't be started: it is not on the PATH, or may not be run. On a machine without it, bench submit script "
          + "says how to start the shards.")
    }
  }
}
