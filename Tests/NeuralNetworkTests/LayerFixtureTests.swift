import Architectures
import Testing

@testable import NeuralNetwork

/// Every layer with many options against PyTorch: first weights, outputs, gradients, buffers.
@Suite struct LayerFixtureTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let shape: [Int]
    let batch: Int
    let layers: [FixtureLayer]
    let seed: UInt64
  }

  private let tensors: [String: Tensor]
  private let cases: [Case]

  init() throws {
    tensors = try Fixtures.tensors("layers.safetensors")
    cases = try (Fixtures.json("layers.json") as Manifest).cases
  }

  private func network(_ entry: Case) throws -> (Network, Generator) {
    let chain = Architecture(input: Shape(entry.shape), layers: entry.layers.map(\.layer))
    let network = try Network(chain, batchSize: entry.batch)
    let generator = Generator(seed: entry.seed)
    network.initialize(with: generator)
    return (network, generator)
  }

  @Test func firstWeightsEqualPyTorchsToTheBit() throws {
    #expect(cases.count > 100)
    for (index, entry) in cases.enumerated() {
      let (network, _) = try network(entry)
      let expected = tensors.keys.filter { $0.hasPrefix("\(index)/state/") }
      #expect(network.tensors.count == expected.count, "case \(index)")
      for tensor in network.tensors {
        let torch = try #require(tensors["\(index)/state/\(tensor.name)"], "case \(index) \(tensor.name)")
        #expect(tensor.shape == torch.shape, "case \(index) \(tensor.name)")
        #expect(tensor.element == torch.element, "case \(index) \(tensor.name)")
        #expect(
          tensor.values.map(\.bitPattern) == torch.values.map(\.bitPattern), "case \(index) \(tensor.name)")
      }
    }
  }

  @Test func everyTypeOfLayerHasACase() {
    let types = Set(cases.flatMap { $0.layers.map(\.layer.kind.type.table.name) })
    #expect(types == Set(LayerRegistry.types.map(\.table.name)))
  }

  @Test func outputsAndGradientsAreThoseOfPyTorch() throws {
    for (index, entry) in cases.enumerated() {
      let (network, generator) = try network(entry)
      func expected(_ name: String) throws -> [Float] {
        try #require(tensors["\(index)/\(name)"], "case \(index) \(name)").values
      }
      let input = try expected("input")
      let result = network.differentiate(
        input, count: entry.batch, direction: try expected("direction"), generator: generator)
      let what = "case \(index) of layers.json"
      #expect(distance(result.output, try expected("output")) < 2e-6, "\(what): output")
      #expect(distance(result.gradInput, try expected("grad_input")) < 5e-6, "\(what): input's gradient")
      for (name, gradient) in result.gradients {
        #expect(distance(gradient, try expected("gradient/\(name)")) < 5e-6, "\(what): gradient of \(name)")
      }
      for buffer in network.tensors where tensors["\(index)/after/\(buffer.name)"] != nil {
        #expect(distance(buffer.values, try expected("after/\(buffer.name)")) < 1e-6, "\(what): \(buffer.name)")
      }
      let evaluated = input.withUnsafeBufferPointer { pixels -> [Float] in
        guard let base = pixels.baseAddress else { return [] }
        let examples = Examples(pixels: .floats(base), shape: Shape(entry.shape), labels: nil, count: entry.batch)
        return network.outputs(examples, range: 0..<entry.batch)
      }
      #expect(distance(evaluated, try expected("evaluated")) < 2e-6, "\(what): evaluation")
    }
  }
}
