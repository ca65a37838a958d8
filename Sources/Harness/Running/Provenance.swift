import Experiments
import Foundation
import NeuralNetwork
import Subprocess

/// The machine, the program and the repository, as a study remembers them.
package enum Provenance {
  /// The machine and the program.
  package static func environment(workers: Int) -> Experiments.Environment {
    let info = ProcessInfo.processInfo
    return Experiments.Environment(
      host: info.hostName, cpu: processorName, cores: info.activeProcessorCount, memoryBytes: Int(info.physicalMemory),
      os: operatingSystem, swift: swiftVersion, blas: BLAS.description, program: "\(programVersion) (\(build))",
      workers: workers)
  }

  /// The repository around the working directory; `nil` outside of one, or without git.
  package static func source() async -> Source? {
    guard let commit = await git("rev-parse", "HEAD") else { return nil }
    let branch = await git("symbolic-ref", "--short", "-q", "HEAD")
    // A diff that is too long to keep, or that git fails to make, is not a clean tree.
    let diff = await git("diff", "--no-color", "--no-ext-diff", "HEAD")
    let untracked = await git("ls-files", "--others", "--exclude-standard")
    var changes = diff ?? "the diff could not be had from git, or is longer than \(diffLimit >> 20) MB\n"
    if let untracked, !untracked.isEmpty {
      changes += (changes.isEmpty ? "" : "\n") + untracked.split(separator: "\n").map { "untracked: \($0)\n" }.joined()
    }
    return Source(commit: commit, branch: branch, diff: changes.isEmpty ? nil : changes)
  }

  /// Sees that the program runs from a commit, without changes.
  ///
  /// - Throws: ``OperationalError`` where there is no commit, or something is not committed.
  package static func requireClean(_ source: Source?) throws {
    guard let source else {
      throw OperationalError(
        "--require-clean was given, but git finds no commit here: run from a repository that has one, with git installed"
      )
    }
    if source.isDirty {
      throw OperationalError(
        "the working tree has uncommitted changes and --require-clean was given; commit or stash them")
    }
  }

  /// The version of this program.
  package static let programVersion = "0.2.0"

  /// How the program was built.
  static var build: String {
    #if DEBUG
      let mode = "debug"
    #else
      let mode = "release"
    #endif
    #if arch(x86_64)
      return "\(mode), kernels for x86-64-v3"
    #else
      return mode
    #endif
  }

  private static let diffLimit = 16 << 20

  private static func git(_ arguments: String...) async -> String? {
    let result = try? await Subprocess.run(
      .name("git"), arguments: .init(arguments), output: .string(limit: diffLimit), error: .discarded)
    guard let result, result.terminationStatus.isSuccess else { return nil }
    return result.standardOutput.trimmingCharacters(in: .newlines)
  }

  private static var processorName: String {
    field("model name", of: "/proc/cpuinfo", separator: ":") ?? "unknown processor"
  }

  private static var operatingSystem: String {
    field("PRETTY_NAME", of: "/etc/os-release", separator: "=")?.trimmingCharacters(in: ["\""])
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }

  private static func field(_ name: String, of file: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      if let start = line.firstIndex(of: separator) {
        return line[line.index(after: start)...].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }
}
