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
      Nothing is written. Where there is a store, it says how many of the trials are done, running, failed or missing. \
      How long the rest will take comes from the trials that the store timed on this machine, and for others from a few \
      training steps that are timed now (--no-timing leaves those out).
      """)

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @Flag(inversion: .prefixedNo, help: "Time training steps of configurations that the store has not timed.")
  var timing = true

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
      forecast.take(plan, history)
    }
    if timing { try forecast.time(study, plan, source.library) }
    forecast.tell(&plan, workers: try Workers(jobs: nil, threadsPerTrial: nil).count)
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
    done = states.count { $0 == .done }
    diverged = states.count { $0 == .diverged }
    running = states.count { $0 == .running }
    failed = states.count { $0 == .failed }
  }
}
