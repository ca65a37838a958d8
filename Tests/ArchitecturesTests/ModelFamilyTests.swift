import Testing

@testable import Architectures

@Suite struct ModelFamilyTests {
  private func network(
    _ family: ModelFamily, _ options: [String: OptionValue], _ input: Shape, _ loss: Loss = .crossEntropy
  ) throws -> Architecture {
    try family.architecture(family.table.filled(options), for: .init(input: input, classes: 10, loss: loss))
  }

  @Test func anUnknownPresetIsNamedBesideTheKnownOnes() throws {
    #expect(try Preset.named(["lab7", "mlp"]).map(\.name) == ["lab7", "mlp"])
    let error = try #require(throws: UnknownPresetError.self) { try Preset.named(["mlp", "mpl"]) }
    #expect(
      error.description == "mpl is not a preset; expected model-a, model-b, model-c, mlp, convnet, lab7")
  }

  /// Parameters as PyTorch counts them for the same layers.
  @Test(arguments: [
    ("model-a", 28_938), ("model-b", 28_938), ("model-c", 18_378), ("mlp", 397_510), ("convnet", 187_349),
    ("lab7", 62_006),
  ])
  func presetsHaveTheTutorialsParameters(_ name: String, _ parameters: Int) throws {
    let preset = try #require(Preset.named(name))
    let layers = try preset.architecture.resolved()
    #expect(layers.flatMap(\.parameters).reduce(0) { $0 + $1.count } == parameters)
    #expect(layers.last?.output == Shape(10))
  }

  @Test func modelAIsTheChainOfTheReference() {
    let conv = { (channels: Int) in
      Convolution(outChannels: channels, kernelSize: Extent(5), padding: .explicit(Extent(2)))
    }
    let pool = Layer(MaxPooling(kernelSize: Extent(2)))
    #expect(
      Preset.named("model-a")?.architecture.layers.map { Layer($0.kind.normalized) } == [
        Layer(conv(16)), Layer(Activation.relu), pool, Layer(conv(32)), Layer(Activation.relu), pool, Layer(Flatten()),
        Layer(Linear(outFeatures: 10)),
      ])
  }

  @Test func fullPaddingIsTheDilatedKernelLessOne() throws {
    let options: [String: OptionValue] = [
      "channels": .list([.integer(3)]), "kernel_size": .list([.integer(3), .integer(5)]), "dilation": .integer(2),
      "padding": .text("full"), "pooling": .text("none"),
    ]
    let layers = try network(.cnn, options, Shape(1, 8, 8)).resolved()
    #expect(layers[0].output == Shape(3, 12, 16))
  }

  @Test func hiddenLayersBringActivationAndDropout() throws {
    let options: [String: OptionValue] = [
      "hidden": .list([.integer(7), .integer(5)]), "activation": .text("tanh"), "dropout": .number(0.25),
    ]
    #expect(
      try network(.mlp, options, Shape(20), .nll).layers == [
        Layer(Linear(outFeatures: 7)), Layer(Activation.tanh), Layer(Dropout(probability: 0.25)),
        Layer(Linear(outFeatures: 5)), Layer(Activation.tanh), Layer(Dropout(probability: 0.25)),
        Layer(Linear(outFeatures: 10)), Layer(LogSoftmax()),
      ])
  }

  @Test func conv1dSeesAnImageAsTheSequenceOfItsRows() throws {
    let options: [String: OptionValue] = ["channels": .list([.integer(6)]), "kernel_size": .integer(3)]
    let colour = try network(.conv1d, options, Shape(3, 20, 10))
    #expect(colour.input == Shape(30, 20))
    #expect(try colour.resolved()[0].parameters[0].shape == [6, 30, 3])
    #expect(try colour.resolved()[0].output == Shape(6, 18))
    #expect(try network(.conv1d, options, Shape(50)).input == Shape(1, 50))
    #expect(try network(.conv1d, options, Shape(4, 50)).input == Shape(4, 50))
  }

  /// Parameters as akamaster/pytorch_resnet_cifar10 counts them, and 4n + … more for B: PyTorch's count of its modules.
  @Test(arguments: [
    (20, "A", 269_722), (32, "A", 464_154), (44, "A", 658_586), (56, "A", 853_018), (110, "A", 1_727_962),
    (20, "B", 272_474),
  ])
  func aResidualNetworkHasThePublishedParameters(_ depth: Int, _ shortcut: String, _ parameters: Int) throws {
    let options: [String: OptionValue] = ["depth": .integer(depth), "shortcut": .text(shortcut)]
    let layers = try network(.resnet, options, Shape(3, 32, 32)).resolved()
    #expect(layers.flatMap(\.parameters).reduce(0) { $0 + $1.count } == parameters)
    let weighted = layers.filter {
      $0.layer.kind.type.weight == .matrix && $0.place.steps.dropFirst().first != .key("shortcut")
    }
    #expect(weighted.count == depth)
    #expect(layers.filter { $0.layer.kind is Residual }.map(\.output).last == Shape(64, 8, 8))
  }

  @Test func aDepthThatIsNotOfThreeStagesIsRefused() {
    let error = #expect(throws: OptionError.self) {
      try network(.resnet, ["depth": .integer(18)], Shape(3, 32, 32))
    }
    #expect(error?.option == "depth")
    #expect(error?.message == "is 18; expected 6n + 2, for n blocks in each of three stages: take 14 or 20")
  }

  @Test func aVGGHasItsBlocks() throws {
    let blocks: OptionValue = .list([.list([.integer(4)]), .list([.integer(8), .integer(8)])])
    let norm = Layer(BatchNorm())
    func convolution(_ channels: Int) -> Layer {
      Layer(Convolution(outChannels: channels, kernelSize: Extent(3), padding: .explicit(Extent(1))))
    }
    let (relu, pool) = (Layer(Activation.relu), Layer(MaxPooling(kernelSize: Extent(2))))
    let end = [Layer(Flatten()), Layer(Linear(outFeatures: 10))]
    #expect(
      try network(.vgg, ["blocks": blocks], Shape(1, 8, 8)).layers
        == [convolution(4), norm, relu, pool, convolution(8), norm, relu, convolution(8), norm, relu, pool] + end)
    #expect(
      try network(.vgg, ["blocks": blocks, "batch_norm": .boolean(false)], Shape(1, 8, 8)).layers
        == [convolution(4), relu, pool, convolution(8), relu, convolution(8), relu, pool] + end)
  }

  /// The parameters that are taught: with 400 values between convolutions and linear layers.
  @Test(arguments: [(Shape(1, 28, 28), 61_706), (Shape(1, 32, 32), 61_706), (Shape(3, 32, 32), 62_006)])
  func aLeNetHasTheTaughtParameters(_ input: Shape, _ parameters: Int) throws {
    let layers = try network(.lenet, [:], input).resolved()
    #expect(layers.flatMap(\.parameters).reduce(0) { $0 + $1.count } == parameters)
  }

  @Test func aCNNNeedsImages() {
    #expect(throws: OptionError.self) { try network(.cnn, ["channels": .list([.integer(1)])], Shape(784)) }
  }
}
