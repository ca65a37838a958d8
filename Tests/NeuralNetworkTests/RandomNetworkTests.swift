import Architectures
import Foundation
import Testing

@testable import NeuralNetwork

/// Networks drawn from seeds, trained by one thread and by several: what `make sanitize` watches, 150 of them.
@Suite struct RandomNetworkTests {
  private static let count = ProcessInfo.processInfo.environment["BENCH_NETWORKS"].flatMap { UInt64($0) } ?? 12

  @Test(arguments: 1...count) func anyNumberOfThreadsGivesTheSameBits(seed: UInt64) throws {
    let random = RandomLayers(seed: 5000 + seed)
    let network = Self.chain(random, seed: seed)
    let batchSize = random.number(1...17)
    let optimizer: Optimizer = random.value(.sgd(.init(learningRate: 0.01)), .adam(.init()))
    let alone = try trained(network, batchSize, optimizer, threads: 1)
    for threads in [2, 3] {
      let together = try trained(network, batchSize, optimizer, threads: threads)
      #expect(together == alone, "seed \(seed), \(threads) threads: \(network)")
    }
  }

  /// The bits of all losses and of the last weights.
  private func trained(
    _ chain: Architecture, _ batchSize: Int, _ optimizer: Optimizer, threads: Int
  ) throws -> [UInt32] {
    let images = MadeUpImages(shape: chain.input.dimensions, count: 40)
    let network = try Network(
      chain, batchSize: batchSize, loss: .crossEntropy, target: .classes(10), optimizer: optimizer, threads: threads)
    let generator = Generator(seed: 3)
    network.initialize(with: generator)
    let losses = images.train(network, iterations: 4, generator: generator)
    let sums = images.with { network.evaluate($0, range: 0..<images.count) }
    return (losses + network.tensors.flatMap(\.values)).map(\.bitPattern) + [Float(sums.lossSum).bitPattern]
  }

  /// A chain of two to six layers on images, that ends with scores for ten classes.
  private static func chain(_ random: RandomLayers, seed: UInt64) -> Architecture {
    var chain = random.chain(.convolution)
    let kinds = RandomLayers.Kind.allCases.filter { $0 != .linear }
    for _ in 0..<random.number(1...5) {
      let next = RandomLayers(seed: seed &* 991 &+ UInt64(chain.layers.count)).chain(
        kinds[random.number(0...kinds.count - 1)])
      let longer = Architecture(input: chain.input, layers: chain.layers + next.layers)
      if (try? longer.resolved()) != nil { chain = longer }
    }
    chain.layers += [Layer(Flatten()), Layer(Linear(outFeatures: 10))]
    return chain
  }
}
