import Experiments
import Foundation
import Processor

/// The machine, the program and the repository, as a study remembers them.
package enum Provenance {
  /// The machine and the program.
  package static func environment(workers: Int) -> Experiments.Environment {
    let info = ProcessInfo.processInfo
    return Experiments.Environment(
      host: info.hostName, cpu: processorName, cores: info.activeProcessorCount, memoryBytes: Int(info.physicalMemory),
      os: operatingSystem, swift: swiftVersion, blas: matrixLibrary, program: "\(programVersion) (\(build))",
      workers: workers)
  }

  /// The repository around the working directory; `nil` outside of one, or without git.
  ///
  /// - Parameter keepsDiff: whether the changes that were not committed are kept, or only that there are some.
  package static func source(keepsDiff: Bool = true) -> Source? {
    Repository()?.source(keepsDiff: keepsDiff)
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

  /// The matrix library that numbers depend on. Older versions of the program used one.
  private static let matrixLibrary = "none: the kernels of bench"

  /// How the program was built.
  static var build: String {
    #if DEBUG
      let mode = "debug"
    #else
      let mode = "release"
    #endif
    return "\(mode), kernels \(KernelLevel.chosen.rawValue)"
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
