import Foundation

/// The folder in which the known data sets lie, each in a folder of its own.
package struct DataRoot: Hashable, Sendable {
  /// The folder, whether it exists or not.
  package let path: String
  /// What the folder was taken from.
  package let origin: Origin

  /// What a data root was taken from.
  package enum Origin: String, Hashable, Sendable {
    /// An option of the command.
    case option = "--data"
    /// The environment variable `BENCH_DATA`.
    case environment = "BENCH_DATA"
    /// `$XDG_CACHE_HOME/bench/data`, or `~/.cache/bench/data`.
    case standard = "default"
  }

  /// Takes the folder that is given, else that of `BENCH_DATA`, else the one in the user's cache.
  package init(option: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment) {
    func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let option {
      (path, origin) = (option, .option)
    } else if let folder = given("BENCH_DATA") {
      (path, origin) = (folder, .environment)
    } else {
      let home = given("HOME") ?? NSHomeDirectory()
      let cache = given("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.cache"
      (path, origin) = ("\(cache)/bench/data", .standard)
    }
  }

  /// The path of a file or folder below the root.
  package func appending(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }
}
