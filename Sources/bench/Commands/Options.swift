import ArgumentParser
import Datasets
import Experiments
import Foundation
import Harness
import Presentation

/// Where the store lies.
struct StoreOptions: ParsableArguments {
  @Option(name: .customLong("db"), help: ArgumentHelp("The store. Environment: BENCH_DB.", valueName: "path"))
  var explicitPath: String?

  /// The store's path: the option, the environment, or the default.
  var path: String {
    explicitPath ?? ProcessInfo.processInfo.environment["BENCH_DB"].flatMap { $0.isEmpty ? nil : $0 }
      ?? ".bench/bench.db"
  }
}

/// Where data sets lie.
struct DataOptions: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp("The folder of the data sets. Environment: BENCH_DATA.", valueName: "dir"))
  var root: String?

  /// The folder: the option, the environment, or the default.
  var folder: DataRoot { DataRoot(option: root) }
}

/// What goes over a grid file.
struct OverrideOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Set one value over the grid; on an axis it replaces the axis. Repeatable.", valueName: "path=value"))
  var overrides: [String] = []
}

/// A grid file and what goes over it.
struct GridOptions: ParsableArguments {
  @Argument(help: "The grid file.", completion: .file(extensions: ["json"]))
  var grid: String

  @OptionGroup var over: OverrideOptions

  /// Reads the grid file.
  func source(_ data: DataOptions) throws -> GridSource {
    try GridSource(path: grid, overrides: over.overrides, data: data.folder)
  }
}

/// A grid file, or the folder of a job that was made of one.
struct GridOrJobOptions: ParsableArguments {
  @Argument(help: "The grid file.", completion: .file(extensions: ["json"]))
  var grid: String?

  @OptionGroup var over: OverrideOptions

  @Option(help: ArgumentHelp("The folder of a job, which all its machines see.", valueName: "dir"))
  var job: String?

  /// Reads the grid file.
  func source(_ data: DataOptions) throws -> GridSource {
    guard let grid else { throw ValidationError("Missing expected argument '<grid>'") }
    return try GridSource(path: grid, overrides: over.overrides, data: data.folder)
  }
}

/// Where the paths in a trial's grid count from.
struct GridFolderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder of the grid file, from which paths in it count (default: that of the file it was run with).",
      valueName: "dir"))
  var gridFolder: String?
}

extension OutputFormat: ExpressibleByArgument {}

/// When to colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Colours for a stream; of its own accord on a terminal alone, and where `NO_COLOR` is not set.
  func palette(for descriptor: Int32) -> Palette {
    switch self {
    case .always: Palette(isColoured: true)
    case .never: Palette(isColoured: false)
    case .auto:
      Palette(
        isColoured: Terminal.isTerminal(descriptor)
          && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty)
    }
  }
}

/// How much is said, and how.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say only what went wrong.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say each evaluation of a training too.")
  var verbose = false

  @Option(help: "Colour the output. Environment: NO_COLOR.")
  var color: ColorChoice = .auto

  @Flag(name: .customLong("no-progress"), help: "Show no progress.")
  var noProgress = false

  /// Colours for standard error.
  var palette: Palette { color.palette(for: STDERR_FILENO) }

  /// Begins to show a study at work on standard error.
  func display(_ trials: [Trial], names: [String: String] = [:]) -> ProgressDisplay {
    let isLive = Terminal.isLive && (ProcessInfo.processInfo.environment["CI"] ?? "").isEmpty
    return ProgressDisplay(
      trials: trials, names: names,
      style: quiet || noProgress || trials.isEmpty ? .silent : isLive ? .live : .lines, palette: palette,
      saysEvaluations: verbose && !quiet,
      on: .init(size: { (Terminal.width, Terminal.height) }, write: Terminal.write))
  }
}
