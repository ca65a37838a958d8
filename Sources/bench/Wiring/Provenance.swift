import Experiments
import Foundation
import NeuralNetwork
import Subprocess

/// Gathers what a study should remember of the machine, the program and the repository.
enum Provenance {
  /// The machine and the program.
  static func environment(workers: Int) -> Experiments.Environment {
    let info = ProcessInfo.processInfo
    return Experiments.Environment(
      host: info.hostName, cpu: processorName, cores: info.activeProcessorCount, memoryBytes: Int(info.physicalMemory),
      os: operatingSystem, swift: swiftVersion, blas: BLAS.description, program: programVersion, workers: workers)
  }

  /// The repository around the working directory; `nil` outside of one, or without git.
  static func source() async -> Source? {
    guard let commit = await git("rev-parse", "HEAD") else { return nil }
    let branch = await git("symbolic-ref", "--short", "-q", "HEAD")
    let diff = await git("diff", "HEAD")
    let untracked = await git("ls-files", "--others", "--exclude-standard")
    var changes = diff ?? ""
    if let untracked, !untracked.isEmpty {
      changes += (changes.isEmpty ? "" : "\n") + untracked.split(separator: "\n").map { "untracked: \($0)\n" }.joined()
    }
    return Source(commit: commit, branch: branch, diff: changes.isEmpty ? nil : changes)
  }

  /// The version of this program.
  static let programVersion = "0.1.0"

  private static func git(_ arguments: String...) async -> String? {
    let result = try? await Subprocess.run(
      .name("git"), arguments: .init(arguments), output: .string(limit: 16 << 20), error: .discarded)
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
