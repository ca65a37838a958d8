import Architectures
import Testing

@testable import NeuralNetwork

@Suite struct GradientClippingTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let kind: String
    let limit: Double
    let scale: Float
    let after: [[Int32]]

    var clipping: GradientClipping { kind == "clip_grad_norm" ? .norm(limit) : .value(limit) }
  }

  /// A network of two linear layers, its parameters 0.
  private func network(_ clipping: GradientClipping?, threads: Int = 1) throws -> Network {
    try Network(
      Architecture(input: Shape(250), layers: [Layer(Linear(outFeatures: 300)), Layer(Linear(outFeatures: 5))]),
      batchSize: 32, loss: .crossEntropy, target: .classes(5), optimizer: .sgd(.init(learningRate: 1)),
      clipping: clipping, threads: threads)
  }

  private func fill(_ network: Network, scale: Float) {
    let generator = Generator(seed: 5)
    for slot in network.slots {
      for (index, value) in generator.normal(slot.description.count).enumerated() {
        network.memory.gradients[slot.offset + slot.order.position(of: index)] = value * scale
      }
    }
  }

  /// Values to the bit; the norm within what PyTorch's sum of 76,805 squares in single precision is off.
  @Test func gradientsAreThoseOfPyTorch() throws {
    for entry in try (Fixtures.json("clipping.json") as Manifest).cases {
      let network = try network(entry.clipping)
      fill(network, scale: entry.scale)
      network.optimizerState.step(network.memory)
      for (tensor, bits) in zip(network.tensors, entry.after) {
        for (value, bits) in zip(tensor.values, bits) {
          let torch = Float(bitPattern: UInt32(bitPattern: bits))
          let allowed = entry.kind == "clip_grad_value" ? 0 : 1e-6 * torch.magnitude
          #expect(abs(-value - torch) <= allowed, "\(entry): \(-value), in PyTorch \(torch)")
        }
      }
    }
  }

  @Test func anyNumberOfThreadsGivesTheSameBits() throws {
    let traces = try [1, 2, 3].map { threads in
      let network = try network(.norm(0.1), threads: threads)
      let generator = Generator(seed: 3)
      network.initialize(with: generator)
      let losses = MadeUpImages(shape: [1, 250], count: 64, classes: 5).train(
        network, iterations: 8, generator: generator)
      return (losses, network.tensors)
    }
    #expect(traces[0].0 == traces[1].0 && traces[0].0 == traces[2].0)
    #expect(traces[0].1 == traces[1].1 && traces[0].1 == traces[2].1)
  }

  @Test(arguments: [GradientClipping.norm(1), .value(1)]) func whatIsNoNumberStaysNone(_ clipping: GradientClipping)
    throws
  {
    let network = try network(clipping)
    network.memory.gradients[0] = .nan
    network.optimizerState.step(network.memory)
    #expect(network.memory.parameters[0].isNaN)
  }

  @Test func frozenTensorsCountForNothing() throws {
    let layers = [Layer(Linear(outFeatures: 3), trainable: false), Layer(Linear(outFeatures: 2))]
    let network = try Network(
      Architecture(input: Shape(4), layers: layers), batchSize: 1, loss: .crossEntropy, target: .classes(2),
      optimizer: .sgd(.init(learningRate: 1)), clipping: .norm(1))
    for slot in network.slots {
      network.memory.gradients[slot.offset] = slot.kind == .parameter(trainable: true) ? 3 : 1e9
    }
    network.optimizerState.step(network.memory)
    let moved = network.tensors[2].values[0]
    #expect(abs(moved + 1 / Float(2).squareRoot()) < 1e-5, "\(moved)")
  }
}
