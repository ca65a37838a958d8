import Experiments
import Foundation
import Tracking

/// A grid as `bench plan` shows it: its trials, where they stand, and the disk, time and seeds that it takes.
package struct PlannedStudy: Sendable {
  /// The trials and networks, the states of those that the store knows, and notes on disk and time.
  package let plan: StudyPlan
  /// The seeds that it takes to see a difference, where one was asked for.
  package let detection: DetectionPlan?

  /// Plans a study; nothing is written.
  ///
  /// - Parameters:
  ///   - source: the grid.
  ///   - storePath: the store that may know some of the trials; there need not be one.
  ///   - workers: trials at the same time, for the time to come.
  ///   - timesSteps: whether training steps are timed where the store has timed no trial.
  ///   - memory: what the trials have to share.
  ///   - difference: the difference that shall be seen: in percentage points of accuracy, or in the loss's unit.
  package init(
    _ source: GridSource, storePath: String, workers: Int, timesSteps: Bool = true,
    memory: MachineMemory = MachineMemory(),
    detecting difference: Double? = nil
  ) throws {
    var study = try source.study()
    let weights = try StudyWeights(&study, relativeTo: source.folder)
    var plan = StudyPlan(study)
    var forecast = try StudyForecast(
      study, plan, memory: StudyMemory(study, library: source.library), machine: memory)
    let store =
      FileManager.default.fileExists(atPath: storePath) ? try Store(path: storePath, access: .readOnly) : nil
    if let store {
      let history = try store.history(host: ProcessInfo.processInfo.hostName)
      for index in plan.rows.indices { plan.rows[index].add(history[plan.rows[index].hash], seeds: study.seeds) }
      forecast.take(plan, history)
    }
    if timesSteps { try forecast.time(study, plan, source.library) }
    forecast.tell(&plan, workers: workers)
    plan.notes += weights.notes.map { "initial weights: \($0)" }
    self.plan = plan
    detection = try difference.map { difference in
      let points = plan.rows.map { (hash: $0.hash, label: $0.label) }
      return try DetectionPlan(
        difference, study: study, plan: plan, pilots: try store?.pilots(of: points, study: study.name) ?? [:],
        grid: source.path, storePath: storePath)
    }
  }
}

extension StudyPlan.Row {
  /// Counts the trials that the store knows, by state.
  fileprivate mutating func add(_ history: ConfigurationHistory?, seeds: [UInt64]) {
    let states = seeds.compactMap { history?.states[$0] }
    done = states.count { $0 == .done }
    diverged = states.count { $0 == .diverged }
    running = states.count { $0 == .running }
    failed = states.count { $0 == .failed }
  }
}
