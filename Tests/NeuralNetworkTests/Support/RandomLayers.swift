import Architectures

@testable import NeuralNetwork

/// Layers with options and input shapes drawn from a seed: odd, one-sized, not square, strided, dilated.
struct RandomLayers {
  private let generator: Generator

  init(seed: UInt64) { generator = Generator(seed: seed) }

  enum Kind: String, CaseIterable, Sendable {
    case linear, convolution, transposedConvolution, maxPooling, averagePooling, adaptiveAveragePooling, batchNorm
    case adaptiveMaxPooling, padding, upsample, localResponseNorm, groupNorm, layerNorm, instanceNorm, activation,
      prelu, logSoftmax, softmax, subsample, residual, concat
  }

  func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(generator.nextUInt32() % UInt32(range.count))
  }

  func value<T>(_ values: T...) -> T { values[number(0...values.count - 1)] }

  /// A layer that fits its input; drawn again until it does.
  func chain(_ kind: Kind) -> Architecture {
    while true {
      let rank: SpatialRank = value(.one, .two, .two)
      let groups = value(1, 1, 2, 4)
      let groupedChannels = groups * number(1...3)
      let shape: Shape
      if kind == .linear
        || ([.logSoftmax, .softmax, .prelu, .groupNorm, .layerNorm].contains(kind) && number(0...1) == 0)
      {
        shape = Shape(number(1...9))
      } else if rank == .one {
        shape = Shape(groupedChannels, number(1...9))
      } else {
        shape = Shape(groupedChannels, number(1...7), number(1...7))
      }
      let chain = Architecture(input: shape, layers: [Layer(layer(kind, rank, shape, groups))])
      if (try? chain.resolved()) != nil { return chain }
    }
  }

  private func extent(_ rank: SpatialRank, _ range: ClosedRange<Int>, row: Int) -> Extent {
    Extent(rank == .one ? row : number(range), number(range))
  }

  private func layer(_ kind: Kind, _ rank: SpatialRank, _ shape: Shape, _ groups: Int) -> any LayerKind {
    switch kind {
    case .linear: return Linear(outFeatures: number(1...9), bias: number(0...2) > 0)
    case .convolution:
      let same = number(0...3) == 0
      return Convolution(
        rank: rank, outChannels: groups * number(1...3), kernelSize: extent(rank, 1...5, row: 1),
        stride: same ? Extent(1) : extent(rank, 1...3, row: 1),
        padding: same ? .same : .explicit(extent(rank, 0...3, row: 0)), dilation: extent(rank, 1...3, row: 1),
        groups: groups, bias: number(0...2) > 0,
        paddingMode: value(.zeros, .zeros, .zeros, .reflect, .replicate, .circular))
    case .transposedConvolution:
      return TransposedConvolution(
        rank: rank, outChannels: groups * number(1...3), kernelSize: extent(rank, 1...4, row: 1),
        stride: extent(rank, 1...3, row: 1), padding: extent(rank, 0...2, row: 0),
        outputPadding: extent(rank, 0...1, row: 0), groups: groups, bias: number(0...2) > 0,
        dilation: extent(rank, 1...3, row: 1))
    case .maxPooling:
      return MaxPooling(
        rank: rank, kernelSize: extent(rank, 1...4, row: 1), stride: extent(rank, 1...3, row: 1),
        padding: extent(rank, 0...2, row: 0), dilation: extent(rank, 1...2, row: 1), ceilMode: value(true, false))
    case .averagePooling:
      return AveragePooling(
        rank: rank, kernelSize: extent(rank, 1...4, row: 1), stride: extent(rank, 1...3, row: 1),
        padding: extent(rank, 0...2, row: 0), ceilMode: value(true, false), countIncludePad: value(true, false),
        divisorOverride: value(nil, nil, 3))
    case .adaptiveAveragePooling:
      return AdaptiveAveragePooling(
        rank: rank, outputHeight: rank == .one ? 1 : value(nil, number(1...8)), outputWidth: number(1...8))
    case .batchNorm: return BatchNorm(rank: rank, eps: value(1e-5, 0.1), affine: value(true, false))
    case .adaptiveMaxPooling:
      return AdaptiveMaxPooling(
        rank: rank, outputHeight: rank == .one ? 1 : value(nil, number(1...8)), outputWidth: number(1...8))
    case .padding:
      let rows = rank == .one ? (0, 0) : (number(0...3), number(0...3))
      return ImagePadding(
        rank: rank, value(ImagePadding.Fill.zero, .constant, .reflection, .replication, .circular),
        Border(top: rows.0, left: number(0...3), bottom: rows.1, right: number(0...3)), value: 0.7)
    case .upsample:
      return value(Upsample(size: [number(1...9)]), Upsample(scale: [2]), Upsample(scale: [3]))
    case .localResponseNorm:
      return LocalResponseNorm(size: number(1...5), alpha: value(1e-4, 0.5), beta: value(0.75, 2), k: value(1, 0.3))
    case .groupNorm:
      return GroupNorm(
        groups: value(1, groups, shape.dimensions[0]), eps: value(1e-3, 0.1), affine: value(true, true, false),
        bias: value(true, false))
    case .layerNorm:
      return LayerNorm(
        normalizedShape: Array(shape.dimensions.suffix(number(1...shape.rank))), eps: value(1e-3, 0.1),
        elementwiseAffine: value(true, true, false), bias: value(true, false))
    case .instanceNorm:
      return InstanceNorm(
        rank: rank, eps: value(1e-3, 0.1), affine: value(true, false), trackRunningStats: value(true, false),
        bias: value(true, false))
    case .activation:
      return value(
        Activation.relu, .leakyReLU(negativeSlope: 0.2), .leakyReLU(negativeSlope: -0.4), .elu(alpha: 0.7), .sigmoid,
        .tanh, .gelu(approximatedByTanh: false), .gelu(approximatedByTanh: true), Activation(.silu),
        .softplus(beta: 1.5, threshold: 1), Activation(.softplus), Activation(.hardswish), Activation(.mish),
        Activation(.selu), .hardtanh(-0.3, 0.6), Activation(.relu6))
    case .prelu: return PReLU(parameterCount: value(1, shape.dimensions[0]))
    case .logSoftmax: return LogSoftmax()
    case .softmax: return Softmax()
    case .subsample:
      return Subsample(
        rank: rank, stride: extent(rank, 1...3, row: 1), outChannels: value(nil, shape.dimensions[0] + number(0...3)))
    case .residual:
      let (layers, output) = path(from: shape)
      return Residual(layers, shortcut: output == shape && number(0...2) > 0 ? [] : path(from: shape, to: output))
    case .concat:
      let (layers, output) = path(from: shape)
      let sides = output.dimensions.dropFirst()
      let isSame = shape.dimensions.dropFirst() == sides
      let others = (0..<number(1...2)).map { _ in
        isSame && number(0...1) == 0 ? [] : path(from: shape, to: Shape([number(1...3)] + sides))
      }
      return Concat(number(0...1) == 0 ? [layers] + others : others + [layers])
    }
  }

  /// One to three layers that fit their input, and what they give; some are made of layers.
  private func path(from shape: Shape) -> (layers: [Layer], output: Shape) {
    var layers: [Layer] = []
    var output = shape
    for _ in 0..<number(1...3) {
      let kinds = Kind.allCases.filter { $0 != .linear || output.rank == 1 }
      let kind = kinds[number(0...kinds.count - 1)]
      let groups = value(1, 1, 2)
      let next = layer(kind, output.rank == 3 ? .two : .one, output, groups)
      guard let after = try? next.inferred(from: output).output, after.rank == shape.rank, after.count < 300 else {
        continue
      }
      layers.append(Layer(next))
      output = after
    }
    return layers.isEmpty ? ([Layer(Activation.tanh)], shape) : (layers, output)
  }

  /// Layers that lead from one shape to another of as many dimensions.
  private func path(from shape: Shape, to output: Shape) -> [Layer] {
    guard output.rank > 1 else { return [Layer(Linear(outFeatures: output.count))] }
    let rank: SpatialRank = output.rank == 3 ? .two : .one
    let sides = output.dimensions.dropFirst()
    let resized = AdaptiveAveragePooling(
      rank: rank, outputHeight: rank == .one ? 1 : output.dimensions[1], outputWidth: output.dimensions[output.rank - 1]
    )
    let convolved = Convolution(
      rank: rank, outChannels: output.dimensions[0], kernelSize: rank == .one ? Extent(1, 3) : Extent(3), padding: .same
    )
    return (sides == shape.dimensions.dropFirst() ? [] : [Layer(resized)]) + [Layer(convolved)]
  }
}
