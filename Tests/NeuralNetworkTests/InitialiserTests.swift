import Architectures
import Testing

@testable import NeuralNetwork

/// The first values of parameters are those of torch.nn.init.
@Suite struct InitialiserTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let seed: UInt64
    let shape: [Int]
    let initialiser: FixtureInitialiser
    let values: [Int32]
    let next: UInt32
  }

  /// To the bit; orthogonal ones within 1e-6, for they are computed in Double here and by LAPACK in Float there.
  @Test func drawsAreThoseOfPyTorch() throws {
    let cases = try (Fixtures.json("initialisers.json") as Manifest).cases
    #expect(Set(cases.map(\.initialiser.initialiser.function)) == Set(Initialiser.Function.allCases))
    for entry in cases {
      let (initialiser, generator) = (entry.initialiser.initialiser, Generator(seed: entry.seed))
      let values = (0..<2).flatMap { _ in initialiser.values(entry.shape, generator) }
      let expected = entry.values.map { Float(bitPattern: UInt32(bitPattern: $0)) }
      let allowed: Float = initialiser.function == .orthogonal ? 1e-6 : 0
      let distance = zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(values.count == expected.count && distance <= allowed, "\(initialiser), \(entry.shape): \(distance)")
      #expect(UInt32(truncatingIfNeeded: generator.nextInt64()) == entry.next, "\(initialiser), \(entry.shape)")
    }
  }

  /// Large matrices are as good as small ones, and rows are taken where there are fewer of them.
  @Test(arguments: [[40, 120], [120, 40], [64, 64], [1, 9], [9, 1], [24, 3, 3, 3]])
  func orthogonalRowsOrColumnsAreOrthonormal(shape: [Int]) {
    let values = Initialiser(.orthogonal).values(shape, Generator(seed: 3))
    let (rows, columns) = (shape[0], values.count / shape[0])
    func entry(_ vector: Int, _ position: Int) -> Double {
      Double(values[rows < columns ? vector * columns + position : position * columns + vector])
    }
    for first in 0..<min(rows, columns) {
      for second in 0...first {
        let product = (0..<max(rows, columns)).reduce(0.0) { $0 + entry(first, $1) * entry(second, $1) }
        #expect(abs(product - (first == second ? 1 : 0)) < 1e-6, "\(shape), vectors \(first) and \(second)")
      }
    }
  }

  /// All modules are made first, with all that they draw; then the initialisers draw, layer by layer, weight before bias.
  @Test func initialisersDrawAfterAllModulesAreMade() throws {
    var layers = [
      Layer(Convolution(outChannels: 3, kernelSize: Extent(2))), Layer(BatchNorm()), Layer(Flatten()),
      Layer(Linear(outFeatures: 4)),
    ]
    let plain = try Network(Architecture(input: Shape(2, 3, 3), layers: layers), batchSize: 2)
    let (generator, other) = (Generator(seed: 8), Generator(seed: 8))
    plain.initialize(with: generator)
    let (weight, bias) = (Initialiser(.xavierNormal), Initialiser(.uniform))
    layers[0].own.initialisers = Initialisers(weight: weight)
    layers[1].own.initialisers = Initialisers(weight: Initialiser(.normal), bias: Initialiser(.ones))
    layers[3].own.initialisers = Initialisers(weight: weight, bias: bias)
    let network = try Network(Architecture(input: Shape(2, 3, 3), layers: layers), batchSize: 2)
    network.initialize(with: other)
    let expected = [
      "0.weight": weight.values([3, 2, 2, 2], generator), "1.weight": Initialiser(.normal).values([3], generator),
      "1.bias": [1, 1, 1], "3.weight": weight.values([4, 12], generator), "3.bias": bias.values([4], generator),
    ]
    for (made, tensor) in zip(plain.tensors, network.tensors) {
      #expect(tensor.values == expected[tensor.name] ?? made.values, "\(tensor.name)")
    }
    #expect(generator.state == other.state)
  }

  @Test func aModelsInitialisersAreThoseOfItsMatricesThatHaveNone() throws {
    let layers = [
      Layer(Convolution(outChannels: 3, kernelSize: Extent(2), bias: false)), Layer(BatchNorm()), Layer(Flatten()),
      Layer(Linear(outFeatures: 4)), Layer(Linear(outFeatures: 2)),
    ]
    var network = Architecture(input: Shape(2, 3, 3), layers: layers)
    let own = Initialisers(weight: Initialiser(.zeros))
    network.layers[4].own.initialisers = own
    let given = Initialisers(weight: Initialiser(.orthogonal), bias: Initialiser(.zeros))
    let initialized = network.initialized(given, try network.resolved())
    #expect(
      initialized.layers.map(\.own.initialisers) == [
        Initialisers(weight: Initialiser(.orthogonal)), nil, nil, given, own,
      ])
    #expect(try initialized.resolved().count == 5)
  }
}
