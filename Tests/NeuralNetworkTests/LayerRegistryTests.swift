import Architectures
import TestSupport
import Testing

@testable import NeuralNetwork

/// What holds for every type of layer that a grid can name: who adds one and forgets a part of it fails here.
@Suite struct LayerRegistryTests {
  @Test(arguments: LayerRegistry.types.map(\.table.name))
  func whatALayerIsMadeOfMakesItAgain(_ name: String) throws {
    let type = try #require(LayerRegistry.type(named: name))
    let layer = type.sample()
    let (described, options) = layer.kind.asOptions
    #expect(described == name)
    let values = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.value) })
    #expect(type.layer(Options(values)) == layer)
    let known = type.table.options.filter { $0.name != type.inputOption && !$0.isOptional }.map(\.name)
    #expect(options.map(\.name) == known)
  }

  /// Forward, backward, a step and an evaluation, on an input that suits the type.
  @Test(arguments: LayerRegistry.types.map(\.table.name))
  func everyTypeIsComputedByAModule(_ name: String) throws {
    let layer = try #require(LayerRegistry.type(named: name)).sample()
    let shapes = [Shape(2, 6, 6), Shape(2, 36), Shape(72), Shape(6), Shape(2, 3)]
    let shape = try #require(
      shapes.first { (try? Architecture(input: $0, layers: [layer]).resolved()) != nil }, "no input suits \(name)")
    let flatten = Layer(Flatten())
    let network = try Network(
      Architecture(input: shape, layers: [layer, flatten, Layer(Linear(outFeatures: 3))]), batchSize: 4,
      loss: .crossEntropy, target: .classes(3), optimizer: .sgd(.init(learningRate: 0.1)))
    let generator = Generator(seed: 1)
    network.initialize(with: generator)
    let pixels = (0..<4 * shape.count).map { Float($0 % 7) / 7 - 0.4 }
    let labels: [UInt8] = [0, 1, 2, 0]
    let loss = pixels.withUnsafeBufferPointer { pixels in
      labels.withUnsafeBufferPointer { labels in
        [Int32](0..<4).withUnsafeBufferPointer { indices -> Float in
          guard let pixels = pixels.baseAddress, let labels = labels.baseAddress else { return .nan }
          let examples = Examples(pixels: .floats(pixels), shape: shape, labels: labels, count: 4)
          return network.trainStep(examples, indices: indices, generator: generator)
        }
      }
    }
    #expect(loss.isFinite && loss > 0)
  }

  /// A drawing of a network, a title and a PyTorch module are had of every type.
  @Test func namesAreUnique() {
    #expect(Set(LayerRegistry.types.map(\.table.name)).count == LayerRegistry.types.count)
    #expect(Set(LayerRegistry.types.map(\.moduleName)).count == LayerRegistry.types.count)
  }
}
