import Architectures
import Testing

@testable import NeuralNetwork

/// Whole networks follow PyTorch's losses, iteration by iteration, from the same seed.
@Suite struct TraceTests {
  struct Manifest: Decodable { let traces: [Trace] }
  struct Trace: Decodable {
    let name: String
    let seed: UInt64
    let shape: [Int]
    let layers: [FixtureLayer]
    let optimizer: FixtureOptimizer
    let loss: String
    let batch_size: Int
    let examples: Int
    let losses: [Double]
    let spread: [Double]
  }

  @Test func lossesAreThoseOfPyTorchSeedForSeed() throws {
    let traces = try (Fixtures.json("traces.json") as Manifest).traces
    #expect(traces.count == 34)
    for trace in traces {
      let images = MadeUpImages(shape: trace.shape, count: trace.examples)
      let network = try Network(
        Architecture(input: Shape(trace.shape), layers: trace.layers.map(\.layer)), batchSize: trace.batch_size,
        loss: ["cross_entropy": .crossEntropy, "nll": .nll][trace.loss] ?? .mse,
        target: trace.loss == "reconstruction" ? .input : .classes(10), optimizer: trace.optimizer.optimizer)
      let generator = Generator(seed: trace.seed)
      network.initialize(with: generator)
      let losses = images.train(network, iterations: trace.losses.count, generator: generator)
      for (index, (found, expected)) in zip(losses, trace.losses).enumerated() {
        // A thousandth, or three times the spread of PyTorch's own runs where that is larger.
        let allowed = max(1e-3 * expected, 3 * trace.spread[index])
        #expect(
          abs(Double(found) - expected) <= allowed,
          "\(trace.name), seed \(trace.seed), iteration \(index + 1): \(found), in PyTorch \(expected)")
      }
    }
  }
}
