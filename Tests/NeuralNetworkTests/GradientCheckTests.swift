import Architectures
import Testing

@testable import NeuralNetwork

/// Outputs and gradients of layers drawn from seeds against plain loops in Double and their finite differences.
@Suite struct GradientCheckTests {
  @Test(arguments: RandomLayers.Kind.allCases)
  func aLayersGradientsAreItsFiniteDifferences(kind: RandomLayers.Kind) throws {
    for seed in UInt64(1)...40 {
      let chain = RandomLayers(seed: seed).chain(kind)
      try check(chain, count: 3, seed: seed, "\(kind), seed \(seed): \(chain)")
    }
  }

  /// Neighbours share tensors and borders, which no layer alone shows.
  @Test(arguments: UInt64(1)...40)
  func aChainsGradientsAreItsFiniteDifferences(seed: UInt64) throws {
    let random = RandomLayers(seed: 1000 + seed)
    var chain = random.chain(.convolution)
    let kinds = RandomLayers.Kind.allCases.filter { $0 != .linear }
    for _ in 0..<random.number(2...4) {
      let next = RandomLayers(seed: seed &* 77 &+ UInt64(chain.layers.count)).chain(
        kinds[random.number(0...kinds.count - 1)])
      let longer = Architecture(input: chain.input, layers: chain.layers + next.layers)
      if (try? longer.resolved()) != nil { chain = longer }
    }
    chain.layers += [Layer(Flatten()), Layer(Linear(outFeatures: 3))]
    try check(chain, count: 4, seed: seed, "seed \(seed): \(chain)")
  }

  private func check(_ chain: Architecture, count: Int, seed: UInt64, _ what: String) throws {
    let network = try Network(chain, batchSize: count)
    let generator = Generator(seed: seed)
    for slot in network.slots where slot.kind != .buffer {
      network.fill(slot) { [values = generator.normal(slot.description.count, std: 0.5)] in values[$0] }
    }
    let layers = try chain.resolved()
    let input = generator.normal(count * chain.input.count)
    let direction = generator.normal(count * (layers.last?.output ?? chain.input).count)
    let found = network.differentiate(input, count: count, direction: direction, generator: generator)

    let tensors = Dictionary(uniqueKeysWithValues: network.tensors.map { ($0.name, $0.values.map(Double.init)) })
    func output(_ input: [Double], changing name: String? = nil, _ index: Int = 0, by step: Double = 0) -> [Double] {
      var parameters = tensors
      if let name { parameters[name]?[index] += step }
      return NaiveChain(layers: layers, count: count, parameters: parameters).forward(input)
    }
    let exact = output(input.map(Double.init))
    #expect(distance(found.output, exact.map(Float.init)) < 1e-5, "\(what): output")

    let step = 1e-6
    func slope(_ plus: [Double], _ minus: [Double]) -> Float {
      var sum = 0.0
      for index in direction.indices where plus[index].isFinite {
        sum += Double(direction[index]) * (plus[index] - minus[index])
      }
      return Float(sum / (2 * step))
    }
    for (name, gradient) in found.gradients {
      let expected = gradient.indices.map { index in
        slope(
          output(input.map(Double.init), changing: name, index, by: step),
          output(input.map(Double.init), changing: name, index, by: -step))
      }
      #expect(distance(gradient, expected) < 2e-4, "\(what): gradient of \(name)")
    }
    let expected = input.indices.map { index in
      var (plus, minus) = (input.map(Double.init), input.map(Double.init))
      plus[index] += step
      minus[index] -= step
      return slope(output(plus), output(minus))
    }
    #expect(distance(found.gradInput, expected) < 2e-4, "\(what): input's gradient")
  }
}
