import Architectures
import Foundation
import Testing

@testable import NeuralNetwork

@Suite struct OptimizerTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let optimizer: FixtureOptimizer
    let after: [String: [Int32]]
  }

  /// SGD and Rprop to the bit; the others within two roundings, or eight where a momentum adds them up, since PyTorch's
  /// square root (of its mathematics library) is not rounded correctly on every processor.
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
          let roundings: Float =
            switch entry.optimizer.name {
            case "sgd", "rprop": 0
            case "rmsprop": 8
            default: 2
            }
          let allowed = roundings * max(torch.magnitude.ulp, Float(1e-7))
          #expect(abs(value - torch) <= allowed, "case \(index), step \(step): \(value), in PyTorch \(torch)")
        }
      }
    }
  }

  @Test(arguments: [
    Optimizer.sgd(.init(learningRate: 0.1)), .sgd(.init(learningRate: 0.02, momentum: 0.9)),
    .sgd(.init(learningRate: 0.02, momentum: 0.9, nesterov: true)), .adam(.init(learningRate: 0.1)),
    .adam(.init(learningRate: 0.1, amsgrad: true)), .adamW(.init(learningRate: 0.1)),
    .rmsprop(.init(learningRate: 0.02)), .rmsprop(.init(learningRate: 0.01, momentum: 0.5)),
    .rmsprop(.init(learningRate: 0.02, centered: true)), .adagrad(.init(learningRate: 0.8)),
    .adadelta(.init(learningRate: 3, eps: 1e-3)), .adamax(.init(learningRate: 0.1)), .nadam(.init(learningRate: 0.1)),
    .nadam(.init(learningRate: 0.1, weightDecay: 0.001, decoupledWeightDecay: true)), .radam(.init(learningRate: 0.1)),
    .rprop(.init()),
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

  /// A step of each optimizer as its paper or PyTorch's page has it, in Double: parameters, then what is kept.
  private static func reference(
    _ optimizer: Optimizer, step t: Double, _ x: inout Double, _ gradient: Double, _ kept: inout [Double]
  ) {
    var g = gradient
    switch optimizer {
    case .sgd, .adam, .adamW: break
    case .rmsprop(let o):
      g += o.weightDecay * x
      kept[0] = o.alpha * kept[0] + (1 - o.alpha) * g * g
      kept[1] = o.alpha * kept[1] + (1 - o.alpha) * g
      kept[2] = o.momentum * kept[2] + g / ((kept[0] - (o.centered ? kept[1] * kept[1] : 0)).squareRoot() + o.eps)
      x -= o.learningRate * kept[2]
    case .adagrad(let o):
      g += o.weightDecay * x
      kept[0] += g * g + (t == 1 ? o.initialAccumulatorValue : 0)
      x -= o.learningRate / (1 + (t - 1) * o.learningRateDecay) * g / (kept[0].squareRoot() + o.eps)
    case .adadelta(let o):
      g += o.weightDecay * x
      kept[0] = o.rho * kept[0] + (1 - o.rho) * g * g
      let change = ((kept[1] + o.eps) / (kept[0] + o.eps)).squareRoot() * g
      kept[1] = o.rho * kept[1] + (1 - o.rho) * change * change
      x -= o.learningRate * change
    case .adamax(let o):
      g += o.weightDecay * x
      kept[0] = o.beta1 * kept[0] + (1 - o.beta1) * g
      kept[1] = max(o.beta2 * kept[1], abs(g) + o.eps)
      x -= o.learningRate / (1 - pow(o.beta1, t)) * kept[0] / kept[1]
    case .nadam(let o):
      func momentum(_ t: Double) -> Double { o.beta1 * (1 - 0.5 * pow(0.96, t * o.momentumDecay)) }
      if o.decoupledWeightDecay { x *= 1 - o.learningRate * o.weightDecay } else { g += o.weightDecay * x }
      kept[0] = o.beta1 * kept[0] + (1 - o.beta1) * g
      kept[1] = o.beta2 * kept[1] + (1 - o.beta2) * g * g
      kept[2] = (t == 1 ? 1 : kept[2]) * momentum(t)
      let mean = momentum(t + 1) * kept[0] / (1 - kept[2] * momentum(t + 1)) + (1 - momentum(t)) * g / (1 - kept[2])
      x -= o.learningRate * mean / ((kept[1] / (1 - pow(o.beta2, t))).squareRoot() + o.eps)
    case .radam(let o):
      if o.decoupledWeightDecay { x *= 1 - o.learningRate * o.weightDecay } else { g += o.weightDecay * x }
      kept[0] = o.beta1 * kept[0] + (1 - o.beta1) * g
      kept[1] = o.beta2 * kept[1] + (1 - o.beta2) * g * g
      let atLast = 2 / (1 - o.beta2) - 1
      let now = atLast - 2 * t * pow(o.beta2, t) / (1 - pow(o.beta2, t))
      var change = kept[0] / (1 - pow(o.beta1, t))
      if now > 5 {
        let r = ((now - 4) * (now - 2) * atLast / ((atLast - 4) * (atLast - 2) * now)).squareRoot()
        change *= r * (1 - pow(o.beta2, t)).squareRoot() / (kept[1].squareRoot() + o.eps)
      }
      x -= o.learningRate * change
    case .rprop(let o):
      if t == 1 { kept[1] = o.learningRate }
      let product = g * kept[0]
      let size = kept[1] * (product > 0 ? o.etaPlus : product < 0 ? o.etaMinus : 1)
      kept[1] = min(max(size, o.smallestStep), o.largestStep)
      if product < 0 { g = 0 }
      x -= g > 0 ? kept[1] : g < 0 ? -kept[1] : 0
      kept[0] = g
    }
  }

  @Test func stepsAreThoseOfTheNaiveFormulas() throws {
    let cases = try (Fixtures.json("optimizers.json") as Manifest).cases
    let known = ["sgd", "adam", "adamw"]
    for (index, entry) in cases.enumerated() where !known.contains(entry.optimizer.name) {
      let generator = Generator(seed: UInt64(index))
      let count = 19
      let network = try parabola(count, entry.optimizer.optimizer)
      var values = generator.normal(count).map(Double.init)
      network.fill(network.slots[0]) { Float(values[$0]) }
      var kept = [[Double]](repeating: [0, 0, 0], count: count)
      for step in 1...25 {
        for (position, gradient) in generator.normal(count).enumerated() {
          network.memory.gradients[position] = gradient
          Self.reference(
            entry.optimizer.optimizer, step: Double(step), &values[position], Double(gradient), &kept[position])
        }
        network.optimizerState.step(network.memory)
      }
      // A centered RMSprop takes two close numbers from each other.
      #expect(distance(network.tensors[0].values, values.map { Float($0) }) < 1e-4, "case \(index)")
    }
  }

  /// A layer with a learning rate or a weight decay of its own is changed as by an optimizer that has them.
  @Test(arguments: [
    Optimizer.sgd(.init(learningRate: 0.1, momentum: 0.9, weightDecay: 0.1)), .adamW(.init(learningRate: 0.1)),
    .rmsprop(.init(centered: true)), .adagrad(.init()), .adadelta(.init()), .adamax(.init()), .nadam(.init()),
    .radam(.init()),
  ])
  func layersWithSettingsOfTheirOwnAreGroupsOfTheirOwn(optimizer: Optimizer) throws {
    let settings: [(rate: Double?, decay: Double?)] = [(nil, nil), (0.5, nil), (nil, 0.25), (0.5, nil), (0.01, 0)]
    let layers = settings.map { rate, decay in
      var layer = Layer(Linear(outFeatures: 3, bias: false))
      (layer.own.learningRate, layer.own.weightDecay) = (rate, decay)
      return layer
    }
    let network = try Network(Architecture(input: Shape(3), layers: layers), batchSize: 1, optimizer: optimizer)
    let alone = try settings.map { rate, decay in
      try Network(
        Architecture(input: Shape(3), layers: [Layer(Linear(outFeatures: 3, bias: false))]), batchSize: 1,
        optimizer: optimizer.with(learningRate: rate, weightDecay: decay))
    }
    let generator = Generator(seed: 2)
    for (slot, other) in zip(network.slots, alone) {
      let values = generator.normal(9)
      network.fill(slot) { values[$0] }
      other.fill(other.slots[0]) { values[$0] }
    }
    for _ in 0..<5 {
      for (slot, other) in zip(network.slots, alone) {
        for (position, gradient) in generator.normal(9).enumerated() {
          network.memory.gradients[slot.offset + position] = gradient
          other.memory.gradients[position] = gradient
        }
        other.optimizerState.step(other.memory)
      }
      network.optimizerState.step(network.memory)
    }
    for (tensor, other) in zip(network.tensors, alone) { #expect(tensor.values == other.tensors[0].values) }
  }

  /// NAdam's product of momenta is no moment; a network that goes on from a snapshot has it nonetheless.
  @Test(arguments: Optimizer.tables.map(\.name))
  func aSnapshotGoesOnWithTheSameBits(name: String) throws {
    let table = try #require(Optimizer.tables.first { $0.name == name })
    let optimizer = try Optimizer(name, table.filled([:]))
    let gradients = Generator(seed: 4).normal(60)
    func train(_ network: Network, _ steps: Range<Int>) {
      for step in steps {
        for position in 0..<6 { network.memory.gradients[position] = gradients[step * 6 + position] }
        network.optimizerState.step(network.memory)
      }
    }
    let (whole, first, second) = (try parabola(6, optimizer), try parabola(6, optimizer), try parabola(6, optimizer))
    train(whole, 0..<10)
    train(first, 0..<4)
    train(second, 0..<7)
    try second.restore(first.snapshot())
    train(second, 4..<10)
    #expect(second.tensors == whole.tensors)
  }

  /// Arithmetic with subnormal numbers is slow, so a moment that fades ends at zero. Elsewhere they are numbers as ever.
  @Test(arguments: [
    Optimizer.sgd(.init(learningRate: 0.1, momentum: 0.9)), .adam(.init(learningRate: 0.1)),
    .nadam(.init(learningRate: 0.1)), .rmsprop(.init(learningRate: 0.01, momentum: 0.5)),
  ])
  func aMomentThatFadesEndsAtZero(_ optimizer: Optimizer) throws {
    let network = try parabola(11, optimizer)
    for step in 0..<1200 {
      for position in 0..<11 { network.memory.gradients[position] = step == 0 ? Float(position) - 5.5 : 0 }
      network.optimizerState.step(network.memory)
    }
    // Of those with two moments, RMSprop's momentum is the second.
    let isSecond = if case .rmsprop = optimizer { true } else { false }
    let fading = network.memory.moments + (isSecond ? network.memory.parameterCount : 0)
    #expect((0..<11).allSatisfy { fading[$0] == 0 })
    var half = Float.leastNormalMagnitude
    for _ in 0..<3 { half *= network.memory.gradients[0] + 0.5 }
    #expect(half.isSubnormal)
  }

  /// What PyTorch takes a step by, however small: the sign of a product, and a gradient beside no `eps`.
  @Test(arguments: [
    Optimizer.rprop(.init(learningRate: 0.01)), .adam(.init(learningRate: 0.1, eps: 0)),
    .adagrad(.init(learningRate: 0.1, eps: 0)),
  ])
  func aSubnormalThatShowsIsNotLost(_ optimizer: Optimizer) throws {
    let (tiny, plain) = (try parabola(1, optimizer), try parabola(1, optimizer))
    for _ in 0..<3 {
      tiny.memory.gradients[0] = 1e-20  // its square is subnormal
      plain.memory.gradients[0] = 1
      for network in [tiny, plain] { network.optimizerState.step(network.memory) }
    }
    #expect(abs(tiny.tensors[0].values[0] / plain.tensors[0].values[0] - 1) < 0.1)
  }

  /// Its moment's increments are subnormal, its mean's square is not.
  @Test func aCenteredMomentStaysAboveItsMeansSquare() throws {
    let network = try parabola(1, .rmsprop(.init(learningRate: 0.01, centered: true)))
    for _ in 0..<60 {
      network.memory.gradients[0] = 1e-18
      network.optimizerState.step(network.memory)
    }
    #expect(network.tensors[0].values[0].isFinite)
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
