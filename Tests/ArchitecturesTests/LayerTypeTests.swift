import Foundation
import Testing

@testable import Architectures

@Suite struct LayerTypeTests {
  /// Options that a type needs, for a smallest layer of it.
  static func needed(_ name: String) -> [String: OptionValue] {
    switch name {
    case "linear": ["out_features": .integer(3)]
    case "unflatten": ["unflattened_size": .list([.integer(2), .integer(3)])]
    case _ where name.hasPrefix("conv"): ["out_channels": .integer(4), "kernel_size": .integer(3)]
    case "local_response_norm": ["size": .integer(3)]
    case "upsample": ["size": .integer(3)]
    case _ where name.hasPrefix("constant_pad"): ["padding": .integer(1), "value": .number(2)]
    case _ where name.contains("_pad"): ["padding": .integer(1)]
    case "group_norm": ["num_groups": .integer(2)]
    case "layer_norm": ["normalized_shape": .integer(8)]
    case _ where name.hasPrefix("instance_norm"): ["affine": .boolean(true)]
    case "residual": ["layers": .list([Layer(Activation.relu).optionValue])]
    case "concat": ["branches": .list([.list([]), .list([Layer(Activation.relu).optionValue])])]
    case _ where name.hasPrefix("adaptive"): ["output_size": .integer(2)]
    case _ where name.contains("pool"): ["kernel_size": .integer(2)]
    default: [:]
    }
  }

  @Test func defaultsAreThoseOfTheInitialisers() throws {
    func make(_ name: String) throws -> any LayerKind {
      let type = try #require(LayerRegistry.type(named: name))
      return type.layer(type.table.filled(Self.needed(name))).kind
    }
    #expect(try make("linear") == Linear(outFeatures: 3))
    #expect(try make("conv2d") == Convolution(outChannels: 4, kernelSize: Extent(3)))
    #expect(
      try make("conv1d")
        == Convolution(rank: .one, outChannels: 4, kernelSize: Extent(1, 3), padding: .explicit(Extent(0, 0))))
    #expect(
      try make("conv_transpose2d")
        == TransposedConvolution(outChannels: 4, kernelSize: Extent(3)))
    #expect(try make("max_pool2d") == MaxPooling(kernelSize: Extent(2)))
    #expect(try make("avg_pool1d") == AveragePooling(rank: .one, kernelSize: Extent(1, 2)))
    #expect(try make("batch_norm2d") == BatchNorm())
    #expect(try make("batch_norm1d") == BatchNorm(rank: .one))
    #expect(try make("dropout") == Dropout(probability: 0.5))
    #expect(try make("leaky_relu") == Activation.leakyReLU(negativeSlope: 0.01))
    #expect(try make("elu") == Activation.elu(alpha: 1))
    #expect(try make("dropout2d") == Dropout(.channels(.two), probability: 0.5))
    #expect(try make("alpha_dropout") == Dropout(.alpha, probability: 0.5))
    #expect(try make("local_response_norm") == LocalResponseNorm(size: 3, alpha: 1e-4, beta: 0.75, k: 1))
    #expect(try make("gelu") == Activation.gelu(approximatedByTanh: false))
    #expect(try make("softplus") == Activation.softplus(beta: 1, threshold: 20))
    #expect(try make("hardtanh") == Activation.hardtanh(-1, 1))
    #expect(try make("prelu") == PReLU(parameterCount: 1))
    #expect(try make("group_norm") == GroupNorm(groups: 2, eps: 1e-5, affine: true, bias: true))
    #expect(
      try make("layer_norm") == LayerNorm(normalizedShape: [8], eps: 1e-5, elementwiseAffine: true, bias: true))
    let instance = try #require(LayerRegistry.type(named: "instance_norm2d"))
    #expect(
      instance.layer(instance.table.filled([:])).kind
        == InstanceNorm(eps: 1e-5, momentum: 0.1, affine: false, trackRunningStats: false, bias: true))
    #expect(
      try make("adaptive_avg_pool2d")
        == AdaptiveAveragePooling(outputHeight: 2, outputWidth: 2))
  }

  /// A layer with parameters has a learning rate and initialisers of its own; what is declared of its weight is so.
  @Test(arguments: LayerRegistry.types.map(\.table.name))
  func theShapeOfTheWeightIsDeclared(_ name: String) throws {
    let type = try #require(LayerRegistry.type(named: name))
    let kind = type.layer(type.table.filled(Self.needed(name))).kind
    let input = [Shape(6, 8, 8), Shape(6, 8), Shape(6)].first { (try? kind.inferred(from: $0)) != nil }
    let weight = try kind.inferred(from: #require(input)).parameters.first { $0.name == "weight" }
    switch type.weight {
    case .matrix?: #expect((weight?.shape.count ?? 0) >= 2)
    case .vector?: #expect(weight?.shape.count == 1)
    case nil: #expect(weight == nil)
    }
    #expect((type.layerTable.option("init") != nil) == (weight != nil))
  }

  /// The line that is easily forgotten: a kind that no grid can name.
  @Test func everyKindStandsInTheRegistry() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Architectures/Layers").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(at: sources, includingPropertiesForKeys: nil)
    let kinds = try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: /struct (\w+): (?:Nested)?LayerKind/).map {
        String($0.1)
      }
    }
    let registered = Set(LayerRegistry.kinds.map { "\($0)" })
    #expect(kinds.count > 10 && Set(kinds) == registered)
  }
}
