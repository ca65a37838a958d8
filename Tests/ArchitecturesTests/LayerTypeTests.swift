import Testing

@testable import Architectures

@Suite struct LayerTypeTests {
  static let names = [
    "linear", "conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "max_pool1d", "max_pool2d", "avg_pool1d",
    "avg_pool2d", "adaptive_avg_pool1d", "adaptive_avg_pool2d", "batch_norm1d", "batch_norm2d", "dropout", "relu",
    "leaky_relu", "elu", "sigmoid", "tanh", "log_softmax", "flatten", "unflatten",
  ]

  /// Options that a type needs, for a smallest layer of it.
  static func needed(_ name: String) -> [String: OptionValue] {
    switch name {
    case "linear": ["out_features": .integer(3)]
    case "unflatten": ["unflattened_size": .list([.integer(2), .integer(3)])]
    case _ where name.hasPrefix("conv"): ["out_channels": .integer(4), "kernel_size": .integer(3)]
    case _ where name.hasPrefix("adaptive"): ["output_size": .integer(2)]
    case _ where name.contains("pool"): ["kernel_size": .integer(2)]
    default: [:]
    }
  }

  @Test func hasEveryType() {
    #expect(Set(LayerType.all.map(\.table.name)) == Set(Self.names) && LayerType.all.count == Self.names.count)
  }

  @Test(arguments: names)
  func whatALayerIsMadeOfMakesItAgain(_ name: String) throws {
    let type = try #require(LayerType.named(name))
    let layer = type.layer(type.table.filled(Self.needed(name)))
    let (described, options) = layer.operation.asOptions
    #expect(described == name)
    let values = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.value) })
    #expect(type.layer(Options(values)) == layer)
    let known = type.table.options.map(\.name).filter { $0 != type.inputOption }
    #expect(options.map(\.name) == known)
  }

  @Test func defaultsAreThoseOfTheInitialisers() throws {
    func make(_ name: String) throws -> Operation {
      let type = try #require(LayerType.named(name))
      return type.layer(type.table.filled(Self.needed(name))).operation
    }
    #expect(try make("linear") == .linear(Linear(outFeatures: 3)))
    #expect(try make("conv2d") == .convolution(Convolution(outChannels: 4, kernelSize: Extent(3))))
    #expect(
      try make("conv1d")
        == .convolution(
          Convolution(rank: .one, outChannels: 4, kernelSize: Extent(1, 3), padding: .explicit(Extent(0, 0)))))
    #expect(
      try make("conv_transpose2d")
        == .transposedConvolution(TransposedConvolution(outChannels: 4, kernelSize: Extent(3))))
    #expect(try make("max_pool2d") == .maxPooling(MaxPooling(kernelSize: Extent(2))))
    #expect(try make("avg_pool1d") == .averagePooling(AveragePooling(rank: .one, kernelSize: Extent(1, 2))))
    #expect(try make("batch_norm2d") == .batchNorm(BatchNorm()))
    #expect(try make("batch_norm1d") == .batchNorm(BatchNorm(rank: .one)))
    #expect(try make("dropout") == .dropout(probability: 0.5))
    #expect(try make("leaky_relu") == .activation(.leakyReLU(negativeSlope: 0.01)))
    #expect(try make("elu") == .activation(.elu(alpha: 1)))
    #expect(
      try make("adaptive_avg_pool2d")
        == .adaptiveAveragePooling(AdaptiveAveragePooling(outputHeight: 2, outputWidth: 2)))
  }

  @Test(arguments: ["sgd", "adam", "adamw"])
  func whatAnOptimizerIsMadeOfMakesItAgain(_ name: String) throws {
    let table = try #require(Optimizer.tables.first { $0.name == name })
    let optimizer = try Optimizer(name, table.filled([:]))
    let (described, options) = optimizer.asOptions
    #expect(described == name && options.map(\.name) == table.options.map(\.name))
    #expect(
      try Optimizer(name, Options(Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.value) }))) == optimizer)
  }

  @Test func optimizersHavePyTorchsDefaults() throws {
    func make(_ name: String, _ values: [String: OptionValue] = [:]) throws -> Optimizer {
      let table = try #require(Optimizer.tables.first { $0.name == name })
      return try Optimizer(name, table.filled(values))
    }
    #expect(try make("sgd") == .sgd(.init()))
    #expect(try make("adam") == .adam(.init()))
    #expect(try make("adamw") == .adamW(.init(weightDecay: 0.01)))
    #expect(throws: OptionProblem.self) { try make("sgd", ["nesterov": .boolean(true)]) }
    #expect(throws: OptionProblem.self) {
      try make("sgd", ["nesterov": .boolean(true), "momentum": .number(0.9), "dampening": .number(0.1)])
    }
    #expect(
      try make("sgd", ["nesterov": .boolean(true), "momentum": .number(0.9)])
        == .sgd(.init(momentum: 0.9, nesterov: true)))
  }
}
