import Datasets
import Experiments
import Foundation
import Presentation
import Statistics
import Training

import struct Architectures.Preset

/// How much longer a study takes than its bare training steps.
package struct HarnessOverhead: Sendable {
  /// Seconds that one way of training took.
  private struct Time {
    var wall: Double
    var processor: Double
  }

  private let preset: String
  private let iterations: Int
  private let trials: Int
  private let grid: String
  private let data: DataRoot
  private var rounds: [(bare: Time, study: Time)] = []

  /// Prepares a study of a preset, on its tutorial's data where that is here and otherwise on the drawn digits.
  package init(_ preset: Preset, iterations: Int, trials: Int, data: DataRoot) {
    (self.preset, self.data) = (preset.name, data)
    (self.iterations, self.trials) = (iterations, trials)
    let library = DatasetLibrary(root: data)
    let isHere = (try? library.describe(DatasetSelection(name: preset.dataset))) != nil
    grid =
      JSONValue.object([
        .init("name", "harness"), .init("dataset", ["name": .string(isHere ? preset.dataset : "digits")]),
        .init("model", ["preset": .string(preset.name)]), .init("optimizer", ["name": "sgd", "lr": .double(0.01)]),
        .init(
          "training",
          [
            "batch_size": .integer(preset.batchSize), "iterations": .integer(iterations),
            "evaluate_every": .integer(iterations),
          ]),
        .init("seeds", .array((0..<trials).map { .integer($0) })),
      ]).prettyText
  }

  /// Trains both ways once; the one that was second before is first now, so that a machine that warms up favours none.
  package mutating func measure() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-harness-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "grid.json")
    try Data(grid.utf8).write(to: file)
    var bare: Time?
    if rounds.count % 2 == 0 { bare = try await time { try trainBare(file.path) } }
    let study = try await time { try await run(file.path, store: folder.appending(path: "bench.db").path) }
    rounds.append((try await either(bare) { try trainBare(file.path) }, study))
  }

  private func either(_ time: Time?, or body: () throws -> Void) async throws -> Time {
    if let time { return time }
    return try await self.time(body)
  }

  /// The work of `bench run`: store, log of every loss, checkpoints, weights, provenance, report.
  private func run(_ grid: String, store: String) async throws {
    var settings = RunSettings()
    (settings.workers, settings.threadsPerTrial) = (1, 1)
    let prepared = try PreparedStudy(GridSource(path: grid, data: data))
    let source = Provenance.source()
    let run = try StudyRun(prepared, in: StoreFolders.openStore(store), source: source, settings: settings)
    _ = try run.finish(await run.train())
  }

  private func trainBare(_ grid: String) throws {
    let source = try GridSource(path: grid, data: data)
    let study = try source.study()
    let dataset = try source.library.loadSplit(study.configurations[0].resolved.dataset)
    for trial in study.trials { try BareTraining.train(trial, on: dataset) }
  }

  private func time(_ body: () async throws -> Void) async throws -> Time {
    let (wall, processor) = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_PROCESS_CPUTIME_ID))
    try await body()
    return Time(wall: Self.now(CLOCK_MONOTONIC) - wall, processor: Self.now(CLOCK_PROCESS_CPUTIME_ID) - processor)
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension HarnessOverhead {
  /// Median seconds of the bare steps.
  private var bareSeconds: Double { median(rounds.map(\.bare.wall)) }
  /// Median seconds of the study.
  private var studySeconds: Double { median(rounds.map(\.study.wall)) }
  /// The median over the rounds of how much longer the study took, as a share of the bare steps' time.
  private var wallShare: Double { median(rounds.map { $0.study.wall / $0.bare.wall - 1 }) }
  /// The same of the processor's time, which other programs disturb less.
  private var processorShare: Double { median(rounds.map { $0.study.processor / $0.bare.processor - 1 }) }

  /// The medians, one row per preset.
  package static func printout(of costs: [HarnessOverhead]) -> Printout {
    var table = Table([
      .init("preset"), .init("iterations", isNumeric: true), .init("rounds", isNumeric: true),
      .init("bare s", isNumeric: true, name: "bare_seconds"), .init("study s", isNumeric: true, name: "study_seconds"),
      .init("cost", isNumeric: true), .init("cost in processor time", isNumeric: true, name: "processor_cost"),
    ])
    table.rows = costs.map { cost in
      [
        .name(cost.preset),
        .init("\(cost.trials) × \(NumberText.count(cost.iterations))", value: .integer(cost.iterations)),
        .integer(cost.rounds.count), .number(cost.bareSeconds) { NumberText.fixed($0, 3) },
        .number(cost.studySeconds) { NumberText.fixed($0, 3) },
        .number(cost.wallShare) { "\(NumberText.signed($0 * 100, 2)) %" },
        .number(cost.processorShare) { "\(NumberText.signed($0 * 100, 2)) %" },
      ]
    }
    return Printout(table, json: .array(costs.map(\.json)))
  }

  private var json: JSONValue {
    [
      "preset": .string(preset), "rounds": .integer(rounds.count), "bare_seconds": .double(bareSeconds),
      "study_seconds": .double(studySeconds), "cost": .double(wallShare), "processor_cost": .double(processorShare),
    ]
  }

  private func median(_ values: [Double]) -> Double { Summary(values)?.median ?? .nan }
}
