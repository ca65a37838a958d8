import Datasets
import NeuralNetwork
import Presentation
import Processor
import Training

import struct Architectures.Preset

/// The speed of presets on this machine, as `bench speed` shows it.
package struct SpeedReport: Printable, Sendable {
  private let measurements: [SpeedMeasurement]
  /// Of the machine's own matrix product on one thread, in operations per second.
  private let peak: Double
  private let isByLayer: Bool

  /// Measures presets; takes about `seconds` for each.
  ///
  /// - Parameters:
  ///   - presets: the presets, each with its tutorial's batch size and optimizer.
  ///   - data: the folder of the known data sets.
  ///   - threads: threads that work on a step.
  ///   - seconds: seconds to measure each preset for.
  ///   - byLayer: whether the parts of a step are timed and shown too.
  package init(_ presets: [Preset], data: DataRoot, threads: Int = 1, seconds: Double = 1, byLayer: Bool = false) throws
  {
    let library = DatasetLibrary(root: data)
    peak = MatrixSpeed.measured()
    isByLayer = byLayer
    measurements = try presets.map {
      try SpeedMeasurement($0, library: library, threads: threads, seconds: seconds, byLayer: byLayer)
    }
  }

  /// One row per preset; by layer one section per preset for people, and for programs one row per part of a step.
  package var printout: Printout {
    isByLayer
      ? Printout(title: "Training steps", sections: sections, table: partTable, json: json, own: [.text: { text }])
      : Printout(table, json: json, own: [.text: { text }])
  }

  private var text: String {
    let parts = isByLayer ? measurements.map { "\n\($0.preset)\n\(table($0.parts).text(indent: "  "))\n" } : []
    return table.text() + parts.joined() + peakText + "\n"
  }

  private var sections: [Section] {
    [Section(id: "presets", title: "Presets", blocks: [.table(table), .paragraph(peakText)])]
      + measurements.map { Section(id: $0.preset, title: $0.preset, blocks: [.table(table($0.parts))]) }
  }

  private var peakText: String {
    "peak: \(NumberText.fixed(peak * 1e-9, 1)) GFLOP/s, kernels \(KernelLevel.chosen.rawValue)"
  }

  private var table: Table {
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

  /// The presets' numbers stand on each of their rows.
  private var partTable: Table {
    let presets = table
    return Table(
      presets.columns + ["part", "forward_ms", "backward_ms", "plan"].map { .init($0) },
      rows: zip(presets.rows, measurements).flatMap { row, measurement in
        measurement.parts.map { part in
          row + [
            .name(part.title), .init(value: .double(part.forwardSeconds * 1e3)),
            .init(value: .double(part.backwardSeconds * 1e3)), .init(value: .optional(part.plan)),
          ]
        }
      })
  }

  private var json: JSONValue {
    [
      "schema": 1, "sgemm_peak_gflops": .double(peak * 1e-9),
      "presets": .array(
        measurements.map {
          [
            "preset": .string($0.preset), "batch_size": .integer($0.batchSize), "threads": .integer($0.threads),
            "data": .string($0.data), "step_ms": .double($0.stepSeconds * 1e3),
            "images_per_second": .double($0.imagesPerSecond), "gflops": .double($0.operationsPerSecond * 1e-9),
            "sgemm_peak_share": .double($0.operationsPerSecond / peak),
            "parts": .array(
              $0.parts.map {
                [
                  "title": .string($0.title), "forward_ms": .double($0.forwardSeconds * 1e3),
                  "backward_ms": .double($0.backwardSeconds * 1e3), "plan": .optional($0.plan),
                ]
              }),
          ]
        }),
    ]
  }
}
