import Architectures
import Testing

@testable import NeuralNetwork

@Suite struct NetworkTests {
  /// 8 × 10¹⁴ bytes are more than a process can address.
  @Test func memoryThatIsRefusedIsAnError() throws {
    let architecture = Architecture(input: Shape(1000), layers: [Layer(Linear(outFeatures: 1000))])
    let (batch, loss, target) = (100_000_000_000, Loss.crossEntropy, Target.classes(1000))
    let bytes = try Network.byteCounts(
      architecture, batchSize: batch, loss: loss, target: target, optimizer: .sgd(.init()))
    #expect(bytes.total > 8 * 100_000_000_000 * 1000 && bytes.weights == 4 * (1_000_000 + 1008))
    #expect(throws: NetworkError.memoryRefused(bytes: bytes.total)) {
      try Network(architecture, batchSize: batch, loss: loss, target: target, optimizer: .sgd(.init()))
    }
  }

  private let layers: [Layer] = [
    Layer(
      Convolution(outChannels: 4, kernelSize: Extent(3), padding: .explicit(Extent(1))), name: "first"),
    Layer(BatchNorm()), Layer(Activation.relu), Layer(MaxPooling(kernelSize: Extent(2))),
    Layer(Dropout(probability: 0.3)),
    Layer(Convolution(outChannels: 3, kernelSize: Extent(3), padding: .same)), Layer(Activation.tanh),
    Layer(Flatten()), Layer(Linear(outFeatures: 10)),
  ]

  private func network(
    _ layers: [Layer]? = nil, batch: Int = 8, evaluationBatch: Int? = nil,
    _ optimizer: Optimizer = .adam(.init(learningRate: 0.01)), shape: [Int] = [1, 12, 12]
  ) throws -> Network {
    try Network(
      Architecture(input: Shape(shape), layers: layers ?? self.layers), batchSize: batch,
      evaluationBatchSize: evaluationBatch, loss: .crossEntropy, target: .classes(10), optimizer: optimizer)
  }

  private let images = MadeUpImages(shape: [1, 12, 12], count: 40)

  @Test func tensorsHaveTheNamesAndTheOrderOfAStateDict() throws {
    let network = try network()
    #expect(
      network.tensors.map(\.name) == [
        "first.weight", "first.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked", "5.weight", "5.bias", "8.weight", "8.bias",
      ])
    #expect(network.tensors.map(\.shape)[0] == [4, 1, 3, 3])
    #expect(network.parameterCount == 40 + 8 + 111 + 1090)
  }

  @Test func loadedTensorsComeOutAsTheyWentIn() throws {
    let (first, second) = (try network(), try network())
    let generator = Generator(seed: 4)
    first.initialize(with: generator)
    _ = images.train(first, iterations: 4, generator: generator)
    try second.load(first.tensors.reversed())
    #expect(second.tensors == first.tensors)
    images.with { #expect(second.outputs($0, range: 3..<29) == first.outputs($0, range: 3..<29)) }
  }

  @Test func everyTensorThatDoesNotFitIsNamedAndNothingIsTaken() throws {
    let network = try network()
    network.initialize(with: Generator(seed: 1))
    let before = network.tensors
    var given = before.map { Tensor(name: $0.name, shape: $0.shape, values: $0.values.map { _ in 9 }) }
    given[0].name = "firs.weight"
    given[1].shape = [2, 2]
    given.append(given[3])
    given.removeLast(0)
    let error = #expect(throws: NetworkError.self) { try network.load(given) }
    let text = error?.description ?? ""
    #expect(text.contains("first.weight [4, 1, 3, 3] is missing"))
    #expect(text.contains("firs.weight is not in this network"))
    #expect(text.contains("first.bias has shape [2, 2], this network needs [4]"))
    #expect(text.contains("1.bias is there more than once"))
    #expect(text.split(separator: "\n").count == 4)
    #expect(network.tensors == before)
  }

  @Test(arguments: [
    Optimizer.sgd(.init(learningRate: 0.1, momentum: 0.9)), .adam(.init(learningRate: 0.01, amsgrad: true)),
  ])
  func aRestoredSnapshotGoesOnWithTheSameBits(optimizer: Optimizer) throws {
    let (first, second) = (try network(optimizer), try network(optimizer))
    let generator = Generator(seed: 9)
    first.initialize(with: generator)
    _ = images.train(first, iterations: 5, generator: generator)
    let (snapshot, state) = (first.snapshot(), generator.state)
    let expected = images.train(first, iterations: 7, generator: generator)
    try second.restore(snapshot)
    #expect(second.snapshot() == snapshot)
    #expect(images.train(second, iterations: 7, generator: Generator(state)) == expected)
    #expect(second.snapshot() == first.snapshot())
  }

  private func network(_ optimizer: Optimizer) throws -> Network { try network(nil, optimizer) }

  @Test func aForeignSnapshotIsRefused() throws {
    let network = try network()
    let snapshot = network.snapshot()
    for foreign in [[], Array(snapshot.dropLast()), snapshot + [0], [1] + snapshot.dropFirst()] {
      #expect(throws: NetworkError.foreignSnapshot) { try network.restore(foreign) }
    }
    let other = try self.network(nil, .sgd(.init()))
    #expect(throws: NetworkError.foreignSnapshot) { try other.restore(snapshot) }
  }

  @Test func evaluationCountsTheSameInBatchesOfAnySize() throws {
    let generator = Generator(seed: 2)
    let networks = try [1, 7, 64].map { try network(evaluationBatch: $0) }
    networks[0].initialize(with: generator)
    _ = images.train(networks[0], iterations: 10, generator: generator)
    var answers: [Answers] = []
    var sums: [EvaluationSums] = []
    for network in networks {
      try network.load(networks[0].tensors)
      var found: Answers? = Answers(classes: 10)
      sums.append(images.with { network.evaluate($0, range: 2..<40, answers: &found) })
      answers.append(try #require(found))
    }
    #expect(answers[1] == answers[0] && answers[2] == answers[0])
    #expect(answers[0].confusion.reduce(0, +) == 38 && answers[0].count == 38 && sums[0].count == 38)
    #expect((0..<10).reduce(0) { $0 + answers[0].confusion[$1 * 11] } == sums[0].correct)
    #expect(answers[0].hits.count == 5 && answers[0].hits.reduce(0) { $0 + $1.nonzeroBitCount } == sums[0].correct)
    for index in 2..<40 {
      let sums = images.with { networks[0].evaluate($0, range: index..<index + 1) }
      let place = index - 2
      #expect(Int(answers[0].hits[place / 8] >> (place % 8) & 1) == sums.correct, "image \(index)")
    }
    for other in sums {
      #expect(other.correct == sums[0].correct && abs(other.lossSum - sums[0].lossSum) < 1e-4)
    }
  }

  @Test func evaluatingBetweenStepsChangesNoBit() throws {
    let (plain, evaluated) = (try network(), try network())
    for network in [plain, evaluated] { network.initialize(with: Generator(seed: 5)) }
    let (one, two) = (Generator(seed: 6), Generator(seed: 6))
    for _ in 0..<6 {
      let expected = images.train(plain, iterations: 1, generator: one)
      images.with { _ = evaluated.evaluate($0, range: 0..<40) }
      #expect(images.train(evaluated, iterations: 1, generator: two) == expected)
    }
    #expect(plain.snapshot() == evaluated.snapshot())
  }

  @Test func activationsAreTheLayersOutputs() throws {
    let network = try network()
    network.initialize(with: Generator(seed: 3))
    try images.with { examples in
      let activations = network.activations(examples, index: 5)
      #expect(
        activations.map(\.title) == [
          "conv1", "batch_norm1", "relu1", "max_pool1", "dropout1", "conv2", "tanh1", "flatten1", "linear1",
        ])
      #expect(activations[0].shape == Shape(4, 12, 12) && activations[7].shape == Shape(108))
      let layers = try Architecture(input: Shape(1, 12, 12), layers: layers).resolved()
      var values = (0..<144).map { Double(images.pixels[5 * 144 + $0]) / 255 }
      let tensors = Dictionary(uniqueKeysWithValues: network.tensors.map { ($0.name, $0.values.map(Double.init)) })
      for (layer, activation) in zip(layers, activations) where layer.title != "batch_norm1" {
        values = NaiveLayer(resolved: layer, count: 1).forward(values, layer.parameters.map { tensors[$0.name] ?? [] })
        if layer.title == "conv1" {
          #expect(distance(activation.values, values.map(Float.init)) < 1e-5)
          values = activations[1].values.map(Double.init)
        }
        #expect(distance(activation.values, values.map(Float.init)) < 1e-5 || layer.title == "conv1", "\(layer.title)")
      }
      #expect(activations[8].values == network.outputs(examples, range: 5..<6))
    }
  }

  @Test func aLossThatTheOutputDoesNotFitIsRefused() {
    func error(_ loss: Loss, _ target: Target, _ layers: [Layer]) -> String {
      do {
        _ = try Network(
          Architecture(input: Shape(1, 4, 4), layers: layers), batchSize: 2, loss: loss, target: target,
          optimizer: .sgd(.init()))
        return ""
      } catch { return error.description }
    }
    let linear = [Layer(Flatten()), Layer(Linear(outFeatures: 9))]
    #expect(
      error(.crossEntropy, .classes(10), linear).contains("needs one output per class, [10]; the last layer gives [9]"))
    #expect(error(.crossEntropy, .input, linear).contains("needs classes"))
    #expect(error(.mse, .input, linear).contains("output of the input's shape [1 × 4 × 4]; the last layer gives [9]"))
    #expect(error(.mse, .classes(9), linear) == "")
    #expect(error(.mse, .input, [Layer(Activation.relu)]) == "")
    let wrong = [Layer(Convolution(outChannels: 1, kernelSize: Extent(5)))]
    #expect(error(.mse, .input, wrong) == "conv1: kernel 5 does not fit its 4 × 4 input")
  }

  @Test func nothingIsPropagatedBelowTheLowestTrainableLayer() throws {
    var frozen = layers
    for index in [0, 1] { frozen[index].trainable = false }
    let network = try network(frozen)
    #expect(network.chain.lowestTrainable == 4)
    #expect(try self.network().chain.lowestTrainable == 0)
    #expect(try self.network([Layer(Flatten()), Layer(Linear(outFeatures: 10))]).chain.lowestTrainable == 0)
  }

  /// Without a normalisation or a saturating activation, which would keep the numbers finite.
  @Test(arguments: [
    [
      Layer(Convolution(outChannels: 4, kernelSize: Extent(3), padding: .same)),
      Layer(Activation.relu), Layer(MaxPooling(kernelSize: Extent(2))),
      Layer(Convolution(outChannels: 8, kernelSize: Extent(3))), Layer(Activation.relu),
      Layer(AveragePooling(kernelSize: Extent(2))), Layer(Flatten()),
      Layer(Linear(outFeatures: 10)),
    ],
    [
      Layer(Flatten()), Layer(Linear(outFeatures: 20)), Layer(Activation.relu),
      Layer(Linear(outFeatures: 10)),
    ],
  ])
  func divergenceIsSeenInTheLoss(layers: [Layer]) throws {
    let network = try network(layers, .sgd(.init(learningRate: 1e30)))
    let generator = Generator(seed: 1)
    network.initialize(with: generator)
    #expect(images.train(network, iterations: 6, generator: generator).contains { !$0.isFinite })
  }

  @Test func aNumberThatIsNoneGoesThroughReLUAndPooling() throws {
    let layers = [
      Layer(Activation.relu), Layer(MaxPooling(kernelSize: Extent(2))), Layer(Flatten()),
    ]
    let network = try Network(Architecture(input: Shape(1, 2, 4), layers: layers), batchSize: 1)
    let input: [Float] = [1, .nan, 3, -1, 5, 2, 3, 0]
    let result = network.differentiate(input, count: 1, direction: [10, 20], generator: Generator(seed: 0))
    #expect(result.output[0].isNaN && result.output[1] == 3)
    // The NaN takes the gradient; of two equal values the first does.
    #expect(result.gradInput == [0, 10, 20, 0, 0, 0, 0, 0])
  }

  @Test func aBatchNormOverVectorsNeedsPairs() throws {
    let vectors = [
      Layer(Flatten()), Layer(BatchNorm(rank: .one)), Layer(Linear(outFeatures: 10)),
    ]
    #expect(try network(vectors).minimumBatch == 2)
    #expect(try network().minimumBatch == 1)
  }
}
