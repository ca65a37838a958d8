import Architectures
import Testing

@testable import NeuralNetwork

@Suite struct OptimizerTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let optimizer: FixtureOptimizer
    let after: [String: [Int32]]
  }

  /// SGD to the bit; Adam within two roundings, since PyTorch's square root (of its mathematics library) is not rounded
  /// correctly on every processor.
  @Test func stepsAreThoseOfPyTorch() throws {
    let cases = try (Fixtures.json("optimizers.json") as Manifest).cases
    #expect(Set(cases.map(\.optimizer.name)) == Set(Optimizer.tables.map(\.name)), "each optimizer has a case")
    for (index, entry) in cases.enumerated() {
      let generator = Generator(seed: 5)
      let count = 37
      let network = try parabola(count, entry.optimizer.optimizer)
      network.fill(network.slots[0]) { [values = generator.normal(count)] in values[$0] }
      for step in 1...25 {
        for (position, gradient) in generator.normal(count).enumerated() {
          network.memory.gradients[position] = gradient
        }
        network.optimizerState.step(network.memory)
        guard let expected = entry.after["\(step)"] else { continue }
        for (value, bits) in zip(network.tensors[0].values, expected) {
          let torch = Float(bitPattern: UInt32(bitPattern: bits))
          let allowed = entry.optimizer.name == "sgd" ? 0 : 2 * max(torch.magnitude.ulp, Float(1e-7))
          #expect(abs(value - torch) <= allowed, "case \(index), step \(step): \(value), in PyTorch \(torch)")
        }
      }
    }
  }

  @Test(arguments: [
    Optimizer.sgd(.init(learningRate: 0.1)), .sgd(.init(learningRate: 0.02, momentum: 0.9)),
    .sgd(.init(learningRate: 0.02, momentum: 0.9, nesterov: true)), .adam(.init(learningRate: 0.1)),
    .adam(.init(learningRate: 0.1, amsgrad: true)), .adamW(.init(learningRate: 0.1)),
  ])
  func aParabolasBottomIsFound(optimizer: Optimizer) throws {
    let network = try parabola(3, optimizer)
    network.fill(network.slots[0]) { Float($0) + 1 }
    for _ in 0..<400 {
      for index in 0..<3 { network.memory.gradients[index] = 2 * (network.memory.parameters[index] + 0.5) }
      network.optimizerState.step(network.memory)
    }
    for value in network.tensors[0].values { #expect(abs(value + 0.5) < 1e-2) }
  }

  @Test func frozenParametersStayWhileTheOthersMove() throws {
    let layers = [
      Layer(Linear(outFeatures: 3)), Layer(Linear(outFeatures: 4), trainable: false),
      Layer(Linear(outFeatures: 2)),
    ]
    let network = try Network(
      Architecture(input: Shape(5), layers: layers), batchSize: 4, loss: .mse, target: .classes(2),
      optimizer: .adamW(.init(learningRate: 0.1)))
    let generator = Generator(seed: 1)
    network.initialize(with: generator)
    let before = network.tensors
    let images = MadeUpImages(shape: [1, 5], count: 4, classes: 2)
    _ = images.train(network, iterations: 3, generator: generator)
    for (old, new) in zip(before, network.tensors) {
      #expect((old == new) == old.name.hasPrefix("1."), "\(old.name)")
    }
  }

  private func parabola(_ count: Int, _ optimizer: Optimizer) throws -> Network {
    try Network(
      Architecture(input: Shape(1), layers: [Layer(Linear(outFeatures: count, bias: false))]),
      batchSize: 1, optimizer: optimizer)
  }
}
