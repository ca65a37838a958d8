import Architectures
import Foundation
import Presentation
import Testing

@testable import Experiments

/// Learning rates of PyTorch's schedulers, as `Fixtures/schedules.py` wrote them.
@Suite struct ScheduleTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/schedules.json")

  private struct Case {
    let text: String
    let optimizer: Optimizer
    let perEpoch: Int
    let rates: [Double]
    let momenta: [Double]
  }

  private static let iterations = 200

  private func read() throws -> (scores: [[Double]], cases: [Case]) {
    var reader = JSONReader(Array(try Data(contentsOf: Self.file)))
    let root = try reader.read()
    func number(_ node: JSONNode) -> Double? {
      if case .number(let number) = node.content { number.double } else { nil }
    }
    func numbers(_ node: JSONNode?) -> [Double] { node?.elements?.compactMap(number) ?? [] }
    /// A value stands at the iteration from which it holds.
    func series(_ node: JSONNode?) -> [Double] {
      let changes = (node?.elements ?? []).map { numbers($0) }
      var values: [Double] = []
      for (index, change) in changes.enumerated() {
        let end = index + 1 < changes.count ? Int(changes[index + 1][0]) : Self.iterations + 1
        values += Array(repeating: change[1], count: end - Int(change[0]))
      }
      return values
    }
    let log = ErrorLog(file: "schedules.json", root: root)
    let cases = try (root["cases"]?.value.elements ?? []).map { node in
      let options = try #require(node["optimizer"]?.value)
      let optimizer = OptionReader(log: log).readOptimizer(options)
      try log.check()
      return Case(
        text: options.value.compactText, optimizer: try #require(optimizer),
        perEpoch: Int(try #require(node["per_epoch"].flatMap { number($0.value) })),
        rates: series(node["rates"]?.value),
        momenta: series(node["momenta"]?.value))
    }
    return ((root["scores"]?.value.elements ?? []).map { numbers($0) }, cases)
  }

  @Test func ratesAreTheDoublesOfPyTorch() throws {
    let (scores, cases) = try read()
    #expect(cases.count > 50)
    let names = Set(cases.compactMap { $0.optimizer.scheduler }.map { "\(type(of: $0.kind))" })
    #expect(names.count == 12, "each scheduler has a case: \(names.sorted())")
    for entry in cases {
      var schedule = try #require(
        Schedule(entry.optimizer, iterations: Self.iterations, iterationsPerEpoch: entry.perEpoch))
      var (rates, momenta): ([Double], [Double]) = ([], [])
      for iteration in 1...Self.iterations {
        rates.append(schedule.group.rate)
        momenta.append(schedule.group.momentum ?? .nan)
        schedule.trained()
        if iteration % entry.perEpoch == 0 {
          let score = scores[iteration / entry.perEpoch - 1]
          schedule.evaluated(loss: score[0], accuracy: score[1])
        }
      }
      #expect(entry.rates.count == Self.iterations && entry.momenta.count == Self.iterations)
      let place = rates.indices.first { rates[$0] != entry.rates[$0] || momenta[$0] != entry.momenta[$0] }
      if let place {
        Issue.record(
          "\(entry.text): \(rates[place]), \(momenta[place]) at iteration \(place + 1), in PyTorch \(entry.rates[place]), \(entry.momenta[place])"
        )
      }
    }
  }

  @Test func theOptimizerTakesTheRateAndTheMomentum() throws {
    let rule = OneCycleLR(highestRate: 0.5)
    for optimizer in [
      Optimizer.sgd(.init(scheduler: Scheduler(rule))), .adam(.init(scheduler: Scheduler(rule))),
      .adamW(.init(beta2: 0.5, scheduler: Scheduler(rule))),
    ] {
      let schedule = try #require(Schedule(optimizer, iterations: 10, iterationsPerEpoch: 5))
      let first = optimizer.with(schedule.group)
      #expect(abs(first.learningRate - 0.5 / 25) < 1e-15 && first.momentum == 0.95)
      if case .adamW(let options) = first { #expect(options.beta2 == 0.5) }
    }
    #expect(Schedule(.sgd(.init()), iterations: 10, iterationsPerEpoch: 5) == nil)
  }
}
