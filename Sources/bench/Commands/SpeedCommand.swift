import ArgumentParser
import Harness
import Presentation

import struct Architectures.Preset

/// `bench speed [PRESET…]`
struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed",
    abstract: "Measure training steps of the presets on this machine.",
    discussion: """
      Each preset has its tutorial's batch size and optimizer, on its real data where that is here. GFLOP/s counts \
      dense arithmetic, twice the multiply-adds of forward and backward; kernels that skip zeros may pass the peak, \
      which is that of the machine's own matrix product on one thread.
      """)

  @Argument(help: "Presets: \(Preset.names) (default: all).", completion: Completions.presets)
  var presets: [String] = []

  @Option(help: "Threads that work on a step.")
  var threads = 1

  @Option(help: "Seconds to measure each preset for.")
  var seconds = 1.0

  @Flag(help: "Show where a step's time goes, layer by layer.")
  var layers = false

  @Option(help: "How to print it; csv has one row per preset, with --layers one per part of a step.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func validate() throws {
    do { _ = try Preset.named(presets) } catch { throw ValidationError("\(error)") }
    guard threads >= 1 else { throw ValidationError("--threads is \(threads); expected at least 1") }
    guard (0.01...3600).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds); expected 0.01 to 3600")
    }
  }

  func run() throws {
    let chosen = presets.isEmpty ? Preset.all : try Preset.named(presets)
    print(try SpeedReport(chosen, data: data.folder, threads: threads, seconds: seconds, byLayer: layers), as: format)
  }
}
