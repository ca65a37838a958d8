import Architectures
import Datasets
import Experiments
import Foundation
import Presentation
import Tracking
import Training

/// The disk space and the time that a study will take.
struct StudyForecast {
  /// Bytes that the store and the weight files will take, by configuration and trial.
  private let storeBytes: [Int]
  private let weightBytes: [Int]
  /// Trials to come, by configuration.
  private var trialsToCome: [Int]
  /// Seconds of a trial, by configuration; `nil` where nothing is known.
  private var seconds: [Double?]
  /// Whether some of ``seconds`` come from steps that were timed for the plan.
  private var hasTimedSteps = false
  private let memory: StudyMemory
  private let machine: MachineMemory

  /// Counts the disk space; nothing is known of the time yet.
  init(_ study: Study, _ plan: StudyPlan, memory: StudyMemory, machine: MachineMemory) {
    (self.memory, self.machine) = (memory, machine)
    storeBytes = zip(study.configurations, plan.rows).map { point, row in
      let scores = Self.evaluations(point, row) * (point.dataset.validationCount > 0 ? 5 : 3)
      return row.iterations * Self.bytesOfLoss + scores * Self.bytesOfScore + Self.bytesOfTrial
    }
    weightBytes = plan.rows.map { plan.networks[$0.network].parameters * 4 }
    trialsToCome = plan.rows.map(\.trials)
    seconds = Array(repeating: nil, count: plan.rows.count)
  }

  /// Takes in the trials and times that the store knows.
  mutating func take(_ plan: StudyPlan, _ history: [String: ConfigurationHistory]) {
    trialsToCome = plan.rows.map { $0.missing ?? $0.trials }
    for (index, row) in plan.rows.enumerated() {
      guard let times = history[row.hash]?.wallSeconds, !times.isEmpty else { continue }
      seconds[index] = times.reduce(0, +) / Double(times.count)
    }
  }

  /// Times a few steps of configurations whose trials nobody has timed.
  ///
  /// Configurations that take the same steps are timed once, six kinds of steps at the most, spread over their
  /// multiply-adds, and for about a second; the others are taken to cost what the nearest one does for each multiply-add.
  mutating func time(_ study: Study, _ plan: StudyPlan, _ library: DatasetLibrary) throws {
    let unknown = plan.rows.indices.filter { trialsToCome[$0] > 0 && seconds[$0] == nil && !isTooLarge($0) }
    guard !unknown.isEmpty else { return }
    let kinds = Dictionary(grouping: unknown) { StepKind(study.configurations[$0].resolved, plan.rows[$0], plan) }
      .sorted { ($0.key.work, $0.value[0]) < ($1.key.work, $1.value[0]) }
    let count = min(6, kinds.count)
    let end = ContinuousClock.now + .seconds(1)
    var datasets: [DatasetSelection: Dataset] = [:]
    var timed: [(kind: StepKind, timing: StepTiming)] = []
    for place in 0..<count where timed.isEmpty || ContinuousClock.now < end {
      let (kind, rows) = kinds[(2 * place + 1) * kinds.count / (2 * count)]
      let point = study.configurations[rows[0]]
      let selection = point.resolved.dataset
      let dataset = try datasets[selection] ?? library.loadOrDraw(selection, shape: point.dataset.shape)
      datasets[selection] = dataset
      timed.append((kind, try StepTiming(point.resolved, dataset: dataset, seconds: 0.05)))
    }
    for (kind, rows) in kinds {
      guard let near = timed.min(by: { kind.distance(to: $0.kind) < kind.distance(to: $1.kind) }) else { return }
      let stepSeconds = near.timing.stepSeconds * kind.work / near.kind.work
      let evaluationSeconds = near.timing.evaluationSeconds * kind.multiplyAdds / near.kind.multiplyAdds
      for index in rows {
        let (point, row) = (study.configurations[index], plan.rows[index])
        let examples = Self.evaluations(point, row) * (point.dataset.testCount + point.dataset.validationCount)
        seconds[index] = Double(row.iterations) * stepSeconds + Double(examples) * evaluationSeconds
      }
    }
    hasTimedSteps = true
  }

  /// Seconds of a trial, by configuration; 0 for one that the machine has not the memory for, `nil` where nothing is known.
  var trialSeconds: [Double?] { seconds.indices.map { isTooLarge($0) ? 0 : seconds[$0] } }

  /// Multiply-adds of a trial's training, by configuration.
  func trialWork(_ plan: StudyPlan) -> [Double] {
    plan.rows.map {
      Double(max(1, plan.networks[$0.network].multiplyAdds)) * Double($0.batchSize) * Double($0.iterations)
    }
  }

  /// Bytes of a store with so many trials of each configuration.
  func storeBytes(ofEach trials: [Int]) -> Int { zip(storeBytes, trials).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Bytes of the weights of so many trials of each configuration.
  func weightBytes(ofEach trials: [Int]) -> Int { zip(weightBytes, trials).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Adds the notes and the time to come to a plan.
  func tell(_ plan: inout StudyPlan, workers: Int) {
    for index in plan.rows.indices { plan.rows[index].peakBytes = memory.trialBytes[index] }
    plan.notes = notes(workers)
    if let largest = plan.rows.max(by: { ($0.peakBytes ?? 0) < ($1.peakBytes ?? 0) }),
      trialsToCome.contains(where: { $0 > 0 })
    {
      plan.notes.append(memoryNote(largest, workers: min(workers, plan.trials)))
    }
    plan.obstacles = obstacles(plan)
    plan.secondsToCome = secondsToCome(workers)
  }

  /// Seconds until all is trained, by so many workers; `nil` where nothing is known of some configurations.
  private func secondsToCome(_ workers: Int) -> Double? {
    var total = 0.0
    for (trials, seconds) in zip(trialsToCome, seconds) where trials > 0 {
      guard let seconds else { return nil }
      total += Double(trials) * seconds
    }
    return total / Double(max(1, min(workers, trialsToCome.reduce(0, +))))
  }

  /// One line each.
  private func notes(_ workers: Int) -> [String] {
    let trials = trialsToCome.reduce(0, +)
    guard trials > 0 else { return ["nothing to train"] }
    let (store, weights) = (storeBytes(ofEach: trialsToCome), weightBytes(ofEach: trialsToCome))
    var notes = [
      "\(counted(trials, "trial")) to train; disk to come: about \(NumberText.bytes(store)) in the store, "
        + "\(NumberText.bytes(weights)) of weights (none with --no-weights)"
    ]
    if let seconds = secondsToCome(workers) {
      notes.append(
        "time to come: about \(NumberText.clock(seconds)) with \(counted(workers, "worker"))"
          + (hasTimedSteps ? ", from training steps timed now" : ", from trials that were timed here"))
    }
    return notes
  }

  private func memoryNote(_ largest: StudyPlan.Row, workers: Int) -> String {
    let needed = memory.bytes(workers: workers, trials: workers)
    let name = Set(memory.trialBytes).count > 1 ? " (\(PlainText.shortened(largest.label, to: 60)))" : ""
    return "memory: a trial takes \(NumberText.bytes(largest.peakBytes ?? 0)) at most\(name); "
      + "\(counted(workers, "worker")) with the data \(workers == 1 ? "needs" : "need") \(NumberText.bytes(needed)) of \(machine.source)'s "
      + NumberText.bytes(machine.limit)
      + (needed > machine.limit && workers > 1 ? ", so that fewer trials will be at work at the same time" : "")
  }

  private func isTooLarge(_ index: Int) -> Bool { memory.trialBytes[index] > machine.limit - memory.dataBytes }

  /// A line for all configurations that the machine has not the memory for.
  private func obstacles(_ plan: StudyPlan) -> [String] {
    let tooLarge = plan.rows.indices.filter(isTooLarge)
    guard !tooLarge.isEmpty else { return [] }
    let names = listed(tooLarge.map { PlainText.shortened(plan.rows[$0].label, to: 60) }, limit: 3)
    return [
      "\(machine.source) has not the memory for \(names): their trials would fail; make training.batch_size "
        + "smaller"
    ]
  }

  private static func evaluations(_ point: StudyConfiguration, _ row: StudyPlan.Row) -> Int {
    let training = point.resolved.training
    let interval = training.evaluateEvery ?? training.iterationsPerEpoch(examples: max(1, point.dataset.trainCount))
    return (row.iterations + interval - 1) / interval
  }

  /// Measured on stores of ten thousand trials: bytes per row, page overhead included.
  private static let bytesOfLoss = 22
  private static let bytesOfScore = 30
  private static let bytesOfTrial = 1_500
}

/// Training steps that take the same time: of one network on one data set, in equal portions, by one rule.
private struct StepKind: Hashable {
  private let dataset: DatasetSelection
  private let batchSize: Int
  private let loss: Loss
  private let optimizer: String
  private let network: Int
  /// Of a forward pass of one example.
  let multiplyAdds: Double

  init(_ configuration: Configuration, _ row: StudyPlan.Row, _ plan: StudyPlan) {
    (dataset, batchSize, network) = (configuration.dataset, row.batchSize, row.network)
    (loss, optimizer) = (configuration.loss, configuration.optimizer.title)
    multiplyAdds = Double(max(1, plan.networks[row.network].multiplyAdds))
  }

  /// Multiply-adds of a forward pass of the batch.
  var work: Double { multiplyAdds * Double(batchSize) }

  /// How far the work is apart, as a ratio's logarithm; no distance to itself.
  func distance(to other: StepKind) -> Double { self == other ? -1 : abs(log(work / other.work)) }
}
