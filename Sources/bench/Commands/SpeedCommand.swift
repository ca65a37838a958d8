import ArgumentParser
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Presentation
import Training

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

  @Argument(help: "Presets: \(Preset.all.map(\.name).joined(separator: ", ")) (default: all).")
  var presets: [String] = []

  @Option(help: "Threads that work on a step.")
  var threads = 1

  @Option(help: "Seconds to measure each preset for.")
  var seconds = 1.0

  @Flag(help: "Show where a step's time goes, layer by layer.")
  var layers = false

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @OptionGroup var data: DataOptions

  func validate() throws {
    for name in presets where Preset.named(name) == nil {
      throw ValidationError(
        "\(name) is not a preset; expected \(Preset.all.map(\.name).joined(separator: ", "))")
    }
    guard threads >= 1 else { throw ValidationError("--threads is \(threads); expected at least 1") }
    guard (0.01...3600).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds); expected 0.01 to 3600")
    }
  }

  func run() throws {
    let library = DatasetLibrary(root: data.folder)
    let chosen = presets.isEmpty ? Preset.all : presets.compactMap { Preset.named($0) }
    let peak = BLAS.measuredPeak()
    let measurements = try chosen.map {
      try SpeedMeasurement($0, library: library, threads: threads, seconds: seconds, byLayer: layers)
    }
    let printout = Printout(
      table(measurements, peak), json: json(measurements, peak), own: [.text: { text(measurements, peak) }])
    print(printout, as: format)
  }

  private func text(_ measurements: [SpeedMeasurement], _ peak: Double) -> String {
    let parts = layers ? measurements.map { "\n\($0.preset)\n\(table($0.parts).text(indent: "  "))\n" } : []
    return table(measurements, peak).text() + parts.joined()
      + "peak: \(NumberText.fixed(peak * 1e-9, 1)) GFLOP/s, \(BLAS.description)\n"
  }

  private func table(_ measurements: [SpeedMeasurement], _ peak: Double) -> Table {
    var table = Table([
      .init("preset"), .init("batch", isNumeric: true, name: "batch_size"), .init("threads", isNumeric: true),
      .init("ms a step", isNumeric: true, name: "step_ms"),
      .init("images/s", isNumeric: true, name: "images_per_second"),
      .init("GFLOP/s", isNumeric: true, name: "gflops"), .init("of peak", isNumeric: true, name: "sgemm_peak_share"),
      .init("data"),
    ])
    table.rows = measurements.map {
      [
        .name($0.preset), .integer($0.batchSize), .integer($0.threads),
        .number($0.stepSeconds * 1e3) { NumberText.fixed($0, 3) },
        .number($0.imagesPerSecond) { NumberText.count(Int($0)) },
        .number($0.operationsPerSecond * 1e-9) { NumberText.fixed($0, 1) },
        .number($0.operationsPerSecond / peak) { "\(NumberText.fixed($0 * 100, 0)) %" }, .name($0.data),
      ]
    }
    return table
  }

  private func table(_ parts: [StepTiming.Part]) -> Table {
    var table = Table([
      .init("part"), .init("forward, ms", isNumeric: true), .init("backward, ms", isNumeric: true), .init("plan"),
    ])
    table.rows = parts.map { part in
      [.name(part.title)]
        + [part.forwardSeconds, part.backwardSeconds].map { $0 > 0 ? .init(NumberText.fixed($0 * 1e3, 3)) : "" }
        + [.name(part.plan ?? "")]
    }
    return table
  }

  private func json(_ measurements: [SpeedMeasurement], _ peak: Double) -> JSONValue {
    .object([
      .init("schema", 1), .init("sgemm_peak_gflops", .double(peak * 1e-9)),
      .init(
        "presets",
        .array(
          measurements.map {
            .object([
              .init("preset", .string($0.preset)), .init("batch_size", .integer($0.batchSize)),
              .init("threads", .integer($0.threads)), .init("data", .string($0.data)),
              .init("step_ms", .double($0.stepSeconds * 1e3)),
              .init("images_per_second", .double($0.imagesPerSecond)),
              .init("gflops", .double($0.operationsPerSecond * 1e-9)),
              .init("sgemm_peak_share", .double($0.operationsPerSecond / peak)),
              .init(
                "parts",
                .array(
                  $0.parts.map {
                    [
                      "title": .string($0.title), "forward_ms": .double($0.forwardSeconds * 1e3),
                      "backward_ms": .double($0.backwardSeconds * 1e3), "plan": .optional($0.plan),
                    ]
                  })),
            ])
          })),
    ])
  }
}
