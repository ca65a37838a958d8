import ArgumentParser
import Harness
import Presentation

import struct Architectures.Preset

/// `bench speed [NAME…]`
struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed",
    abstract: "Measure training steps of presets and grids on this machine.",
    discussion: """
      A preset has its tutorial's batch size and optimizer; of a grid each configuration is measured. Real data is \
      used where it is here. GFLOP/s counts \
      dense arithmetic, twice the multiply-adds of forward and backward; kernels that skip zeros may pass the peak, \
      which is that of the machine's own matrix product on one thread.
      """)

  @Argument(
    help: ArgumentHelp("Presets (\(Preset.names)) and grid files (default: all presets).", valueName: "name"),
    completion: Completions.models)
  var names: [String] = []

  @Option(help: "Threads that work on a step.")
  var threads = 1

  @Option(help: "Seconds to measure each network for.")
  var seconds = 1.0

  @Flag(help: "Show where a step's time goes, layer by layer.")
  var layers = false

  @Option(help: "How to print it; csv has one row per network, with --layers one per part of a step.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is \(threads); expected at least 1") }
    guard (0.01...3600).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds); expected 0.01 to 3600")
    }
  }

  func run() throws {
    let models = try (names.isEmpty ? Preset.all.map(\.name) : names).flatMap {
      try ModelChoice.all(of: $0, data: data.folder)
    }
    print(try SpeedReport(models, threads: threads, seconds: seconds, byLayer: layers), as: format)
  }
}
