import ArgumentParser
import Foundation
import Harness
import Presentation

import struct Architectures.Preset

/// `bench harness [PRESET…]`, which `make harness` types.
struct HarnessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "harness",
    abstract: "Measure a study's overhead over its training steps.",
    discussion: """
      Trains the same trials in turns: as bench run does, with store, log of every loss, checkpoints, weights and \
      provenance, and as bare steps. Both load the data, draw the first weights and evaluate once at the end. The cost \
      is the median over the rounds.
      """,
    shouldDisplay: false)

  @Argument(help: "Presets (default: model-c, mlp and lab7).")
  var presets: [String] = []

  @Option(help: "Training steps per trial.")
  var iterations = 3_000

  @Option(help: "Trials per study.")
  var trials = 2

  @Option(help: "Rounds, each of a study and its bare steps.")
  var rounds = 5

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func validate() throws {
    do { _ = try Preset.named(presets) } catch { throw ValidationError("\(error)") }
    for (name, value) in [("--iterations", iterations), ("--trials", trials), ("--rounds", rounds)] where value < 1 {
      throw ValidationError("\(name) is \(value); expected at least 1")
    }
  }

  func run() async throws {
    var costs: [HarnessOverhead] = []
    for preset in try Preset.named(presets.isEmpty ? ["model-c", "mlp", "lab7"] : presets) {
      var cost = HarnessOverhead(preset, iterations: iterations, trials: trials, data: data.folder)
      for _ in 0..<rounds { try await cost.measure() }
      costs.append(cost)
    }
    print(HarnessOverhead.printout(of: costs), as: format)
  }
}
