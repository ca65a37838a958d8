import ArgumentParser
import Experiments
import Foundation
import Tracking

/// `bench plan GRID`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a grid would train: trials, layers, output shapes, parameters, multiply-adds.",
    discussion: """
      Nothing is trained or written. Where there is a store, it says how many of the trials are done, running, failed \
      or missing, and from what the store measured here, how long the rest will take.
      """)

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let source = try GridSource(grid, data: data)
    var study = try source.study()
    _ = try study.readWeights(relativeTo: source.folder)
    var plan = StudyPlan(study)
    var forecast = StudyForecast(study, plan)
    if FileManager.default.fileExists(atPath: store.path) {
      let store = try Store(path: store.path, access: .readOnly)
      let history = try store.history(host: ProcessInfo.processInfo.hostName)
      for index in plan.rows.indices { plan.rows[index].add(history[plan.rows[index].hash], seeds: study.seeds) }
      forecast.take(plan, history, workers: try Workers(jobs: nil, threadsPerTrial: nil).count)
    }
    plan.notes = forecast.notes
    switch format {
    case .text: print(plan.text(), terminator: "")
    case .json: print(plan.json.prettyText)
    case .csv: print(plan.table.csv, terminator: "")
    case .md: print(plan.table.markdown, terminator: "")
    }
  }
}

extension StudyPlan.Row {
  /// Counts where the trials stand that the store knows.
  fileprivate mutating func add(_ history: ConfigurationHistory?, seeds: [UInt64]) {
    let states = seeds.compactMap { history?.states[$0] }
    finished = states.count { $0 == .done || $0 == .diverged }
    running = states.count { $0 == .running }
    failed = states.count { $0 == .failed }
  }
}

/// What a study will take: disk, and time where the store has measured it.
struct StudyForecast {
  /// Bytes that the store and the weight files will take, by configuration and trial.
  private let storeBytes: [Int]
  private let weightBytes: [Int]
  /// Trials to come, by configuration.
  private var trialsToCome: [Int]
  private var seconds: (total: Double, known: Int, wanted: Int)?

  init(_ study: Study, _ plan: StudyPlan) {
    storeBytes = zip(study.configurations, plan.rows).map { point, row in
      let training = point.configuration.training
      let interval = training.evaluateEvery ?? training.iterationsPerEpoch(examples: max(1, point.dataset.trainCount))
      let scores = (row.iterations + interval - 1) / interval * (point.dataset.validationCount > 0 ? 5 : 3)
      return row.iterations * Self.bytesOfLoss + scores * Self.bytesOfScore + Self.bytesOfTrial
    }
    weightBytes = plan.rows.map { plan.networks[$0.network].parameters * 4 }
    trialsToCome = plan.rows.map(\.trials)
  }

  /// Takes in what the store knows.
  mutating func take(_ plan: StudyPlan, _ history: [String: ConfigurationHistory], workers: Int) {
    trialsToCome = plan.rows.map { $0.missing ?? $0.trials }
    var (total, known, wanted) = (0.0, 0, 0)
    for (row, trials) in zip(plan.rows, trialsToCome) where trials > 0 {
      wanted += 1
      guard let times = history[row.hash]?.wallSeconds, !times.isEmpty else { continue }
      known += 1
      total += times.reduce(0, +) / Double(times.count) * Double(trials)
    }
    let trials = trialsToCome.reduce(0, +)
    if known > 0 { seconds = (total / Double(max(1, min(workers, trials))), known, wanted) }
  }

  /// A line each.
  var notes: [String] {
    let trials = trialsToCome.reduce(0, +)
    guard trials > 0 else { return ["nothing to train"] }
    let store = zip(storeBytes, trialsToCome).reduce(0) { $0 + $1.0 * $1.1 }
    let weights = zip(weightBytes, trialsToCome).reduce(0) { $0 + $1.0 * $1.1 }
    var notes = [
      "\(TerminalText.grouped(trials)) trials to train; disk to come: about \(size(store)) in the store, "
        + "\(size(weights)) of weights (none with --no-weights)"
    ]
    if let seconds {
      let part =
        seconds.known == seconds.wanted
        ? ""
        : " for \(TerminalText.grouped(seconds.known)) of \(TerminalText.grouped(seconds.wanted)) configurations, those that were timed here"
      notes.append("time to come: about \(TerminalText.duration(seconds.total))\(part)")
    }
    return notes
  }

  private func size(_ bytes: Int) -> String {
    bytes < 10_000_000
      ? "\(TerminalText.grouped(max(1, bytes / 1_000))) kB" : "\(TerminalText.grouped(bytes / 1_000_000)) MB"
  }

  /// Measured on stores of ten thousand trials: bytes a row, page overhead included.
  private static let bytesOfLoss = 22
  private static let bytesOfScore = 30
  private static let bytesOfTrial = 1_500
}
