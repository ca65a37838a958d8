import Datasets
import NeuralNetwork
import Presentation
import Processor
import Training

/// The speed of networks on this machine, as `bench speed` shows it.
package struct SpeedReport: Printable, Sendable {
  private let rows: [(model: ModelChoice, measured: SpeedMeasurement)]
  /// Of the machine's own matrix product on one thread, in operations per second.
  private let peak: Double
  private let isByLayer: Bool

  /// Measures networks; takes about `seconds` for each.
  ///
  /// - Parameters:
  ///   - models: presets, each with its tutorial's batch size and optimizer, and configurations of grids.
  ///   - threads: threads that work on a step.
  ///   - seconds: seconds to measure each network for.
  ///   - byLayer: whether the parts of a step are timed and shown too.
  package init(_ models: [ModelChoice], threads: Int = 1, seconds: Double = 1, byLayer: Bool = false) throws {
    peak = MatrixSpeed.measured()
    isByLayer = byLayer
    rows = try models.map { model in
      let measured = try SpeedMeasurement(
        model.configuration, library: model.library, threads: threads, seconds: seconds, byLayer: byLayer)
      return (model, measured)
    }
  }

  /// One row per network; by layer one section per network for people, and for programs one row per part of a step.
  package var printout: Printout {
    isByLayer
      ? Printout(title: "Training steps", sections: sections, table: partTable, json: json, own: [.text: { text }])
      : Printout(table, programs: programTable, json: json, own: [.text: { text }])
  }

  private var text: String {
    let parts = isByLayer ? rows.map { "\n\($0.model.title)\n\(table($0.measured.parts).text(indent: "  "))\n" } : []
    return table.text() + parts.joined() + peakText + "\n"
  }

  private var sections: [Section] {
    [Section(id: "networks", title: "Networks", blocks: [.table(table), .paragraph(peakText)])]
      + rows.enumerated().map { index, row in
        Section(id: "network-\(index + 1)", title: row.model.title, blocks: [.table(table(row.measured.parts))])
      }
  }

  private var peakText: String {
    "peak: \(NumberText.fixed(peak * 1e-9, 1)) GFLOP/s, kernels \(KernelLevel.chosen.rawValue)"
  }

  private var table: Table {
    var table = Table([
      .init("network"), .init("batch", isNumeric: true, name: "batch_size"), .init("threads", isNumeric: true),
      .init("ms a step", isNumeric: true, name: "step_ms"),
      .init("images/s", isNumeric: true, name: "images_per_second"),
      .init("GFLOP/s", isNumeric: true, name: "gflops"), .init("of peak", isNumeric: true, name: "sgemm_peak_share"),
      .init("data"),
    ])
    table.rows = rows.map { model, measured in
      [
        .name(model.title), .integer(measured.batchSize), .integer(measured.threads),
        .number(measured.stepSeconds * 1e3) { NumberText.fixed($0, 3) },
        .number(measured.imagesPerSecond) { NumberText.count(Int($0)) },
        .number(measured.operationsPerSecond * 1e-9) { NumberText.fixed($0, 1) },
        .number(measured.operationsPerSecond / peak) { "\(NumberText.fixed($0 * 100, 0)) %" }, .name(measured.data),
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

  /// A configuration's study and label stand apart.
  private var programTable: Table {
    let people = table
    return Table(
      [.init("study"), .init("network")] + people.columns.dropFirst(),
      rows: zip(people.rows, rows).map { cells, row in
        [row.model.isPreset ? .init(value: .null) : .name(row.model.name), .name(row.model.label)] + cells.dropFirst()
      })
  }

  /// A network's numbers stand on each of its rows.
  private var partTable: Table {
    let networks = programTable
    return Table(
      networks.columns + ["part", "forward_ms", "backward_ms", "plan"].map { .init($0) },
      rows: zip(networks.rows, rows).flatMap { cells, row in
        row.measured.parts.map { part in
          cells + [
            .name(part.title), .init(value: .double(part.forwardSeconds * 1e3)),
            .init(value: .double(part.backwardSeconds * 1e3)), .init(value: .optional(part.plan)),
          ]
        }
      })
  }

  private var json: JSONValue {
    [
      "schema": 2, "sgemm_peak_gflops": .double(peak * 1e-9),
      "networks": .array(
        rows.map { model, measured in
          [
            "study": model.isPreset ? .null : .string(model.name), "network": .string(model.label),
            "batch_size": .integer(measured.batchSize), "threads": .integer(measured.threads),
            "data": .string(measured.data), "step_ms": .double(measured.stepSeconds * 1e3),
            "images_per_second": .double(measured.imagesPerSecond),
            "gflops": .double(measured.operationsPerSecond * 1e-9),
            "sgemm_peak_share": .double(measured.operationsPerSecond / peak),
            "parts": .array(
              measured.parts.map {
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

extension ModelChoice {
  /// The preset, or the study and the configuration's label.
  fileprivate var title: String { isPreset ? name : "\(name): \(label)" }
}
