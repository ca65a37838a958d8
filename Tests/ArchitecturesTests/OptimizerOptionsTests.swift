import Testing

@testable import Architectures

@Suite struct OptimizerOptionsTests {
  @Test(arguments: Optimizer.tables.map(\.name))
  func whatAnOptimizerIsMadeOfMakesItAgain(_ name: String) throws {
    let table = try #require(Optimizer.tables.first { $0.name == name })
    let optimizer = try Optimizer(name, table.filled([:]))
    let (described, options) = optimizer.asOptions
    #expect(described == name && optimizer.table == table)
    #expect(options.map(\.name) == table.options.filter { !$0.isOptional }.map(\.name))
    #expect(
      try Optimizer(name, Options(Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.value) }))) == optimizer)
  }

  @Test func optimizersHavePyTorchsDefaults() throws {
    func make(_ name: String, _ values: [String: OptionValue] = [:]) throws -> Optimizer {
      let table = try #require(Optimizer.tables.first { $0.name == name })
      return try Optimizer(name, table.filled(values))
    }
    #expect(try make("sgd") == .sgd(.init()))
    #expect(try make("adam") == .adam(.init()))
    #expect(try make("adamw") == .adamW(.init(weightDecay: 0.01)))
    #expect(try make("rmsprop") == .rmsprop(.init(learningRate: 0.01, alpha: 0.99, eps: 1e-8)))
    #expect(try make("adagrad") == .adagrad(.init(learningRate: 0.01, eps: 1e-10)))
    #expect(try make("adadelta") == .adadelta(.init(learningRate: 1, rho: 0.9, eps: 1e-6)))
    #expect(try make("adamax") == .adamax(.init(learningRate: 0.002, beta1: 0.9, beta2: 0.999, eps: 1e-8)))
    #expect(try make("nadam") == .nadam(.init(learningRate: 0.002, beta1: 0.9, beta2: 0.999, momentumDecay: 0.004)))
    #expect(try make("radam") == .radam(.init(learningRate: 0.001, beta1: 0.9, beta2: 0.999, eps: 1e-8)))
    #expect(
      try make("rprop")
        == .rprop(.init(learningRate: 0.01, etaMinus: 0.5, etaPlus: 1.2, smallestStep: 1e-6, largestStep: 50)))
    #expect(throws: OptionError.self) { try make("rprop", ["etas": .list([.number(0.5), .number(0.9)])]) }
    #expect(throws: OptionError.self) { try make("sgd", ["nesterov": .boolean(true)]) }
    #expect(throws: OptionError.self) {
      try make("sgd", ["nesterov": .boolean(true), "momentum": .number(0.9), "dampening": .number(0.1)])
    }
    #expect(
      try make("sgd", ["nesterov": .boolean(true), "momentum": .number(0.9)])
        == .sgd(.init(momentum: 0.9, nesterov: true)))
  }
}
