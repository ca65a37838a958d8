import Architectures
import Foundation

/// A chain of layers as the fixtures' JSON describes it: PyTorch's module names in snake_case, its argument names.
struct FixtureChain: Decodable {
  let shape: [Int]
  let layers: [FixtureLayer]

  var architecture: Architecture { Architecture(input: Shape(shape), layers: layers.map(\.layer)) }
}

struct FixtureLayer: Decodable {
  let layer: Layer

  private enum Key: String, CodingKey {
    case type, trainable, bias, stride, padding, dilation, groups, p, alpha, affine, eps, momentum, shape
    case outFeatures = "out_features"
    case outChannels = "out_channels"
    case kernelSize = "kernel_size"
    case paddingMode = "padding_mode"
    case outputPadding = "output_padding"
    case ceilMode = "ceil_mode"
    case countIncludePad = "count_include_pad"
    case divisorOverride = "divisor_override"
    case outputSize = "output_size"
    case negativeSlope = "negative_slope"
    case trackRunningStats = "track_running_stats"
  }

  init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: Key.self)
    let type = try box.decode(String.self, forKey: .type)
    let rank: SpatialRank = type.hasSuffix("1d") ? .one : .two
    func value<T: Decodable>(_ key: Key, _ fallback: T) throws -> T {
      try box.decodeIfPresent(T.self, forKey: key) ?? fallback
    }
    // A 1-D layer works on images of one row.
    func extent(_ key: Key, row: Int) throws -> Extent? {
      guard let sizes = try box.decodeIfPresent(OneOrTwo.self, forKey: key)?.sizes.map({ $0 ?? 0 }) else { return nil }
      return rank == .one ? Extent(row, sizes[0]) : Extent(sizes[0], sizes.count > 1 ? sizes[1] : sizes[0])
    }
    func kernel() throws -> Extent { try extent(.kernelSize, row: 1) ?? Extent(1) }
    func operation() throws -> Architectures.Operation {
      switch type {
      case "linear":
        return .linear(Linear(outFeatures: try value(.outFeatures, 0), bias: try value(.bias, true)))
      case "conv1d", "conv2d":
        let padding: Padding
        switch try? box.decode(String.self, forKey: .padding) {
        case "same": padding = .same
        case "valid": padding = .explicit(Extent(0))
        default: padding = .explicit(try extent(.padding, row: 0) ?? Extent(0))
        }
        return .convolution(
          Convolution(
            rank: rank, outChannels: try value(.outChannels, 0), kernelSize: try kernel(),
            stride: try extent(.stride, row: 1) ?? Extent(1), padding: padding,
            dilation: try extent(.dilation, row: 1) ?? Extent(1), groups: try value(.groups, 1),
            bias: try value(.bias, true), paddingMode: PaddingMode(rawValue: try value(.paddingMode, "zeros")) ?? .zeros
          ))
      case "conv_transpose1d", "conv_transpose2d":
        return .transposedConvolution(
          TransposedConvolution(
            rank: rank, outChannels: try value(.outChannels, 0), kernelSize: try kernel(),
            stride: try extent(.stride, row: 1) ?? Extent(1), padding: try extent(.padding, row: 0) ?? Extent(0),
            outputPadding: try extent(.outputPadding, row: 0) ?? Extent(0), groups: try value(.groups, 1),
            bias: try value(.bias, true), dilation: try extent(.dilation, row: 1) ?? Extent(1)))
      case "max_pool1d", "max_pool2d":
        return .maxPooling(
          MaxPooling(
            rank: rank, kernelSize: try kernel(), stride: try extent(.stride, row: 1),
            padding: try extent(.padding, row: 0) ?? Extent(0), dilation: try extent(.dilation, row: 1) ?? Extent(1),
            ceilMode: try value(.ceilMode, false)))
      case "avg_pool1d", "avg_pool2d":
        return .averagePooling(
          AveragePooling(
            rank: rank, kernelSize: try kernel(), stride: try extent(.stride, row: 1),
            padding: try extent(.padding, row: 0) ?? Extent(0), ceilMode: try value(.ceilMode, false),
            countIncludePad: try value(.countIncludePad, true),
            divisorOverride: try box.decodeIfPresent(Int.self, forKey: .divisorOverride)))
      case "adaptive_avg_pool1d", "adaptive_avg_pool2d":
        let sizes = try box.decode(OneOrTwo.self, forKey: .outputSize).sizes
        return .adaptiveAveragePooling(
          AdaptiveAveragePooling(
            rank: rank, outputHeight: rank == .one ? 1 : sizes[0], outputWidth: sizes[sizes.count - 1]))
      case "batch_norm1d", "batch_norm2d":
        let momentum: Double? =
          box.contains(.momentum) ? try box.decodeIfPresent(Double.self, forKey: .momentum) : 0.1
        return .batchNorm(
          BatchNorm(
            rank: rank, eps: try value(.eps, 1e-5), momentum: momentum, affine: try value(.affine, true),
            trackRunningStats: try value(.trackRunningStats, true)))
      case "dropout": return .dropout(probability: try value(.p, 0.5))
      case "relu": return .activation(.relu)
      case "leaky_relu": return .activation(.leakyReLU(negativeSlope: try value(.negativeSlope, 0.01)))
      case "elu": return .activation(.elu(alpha: try value(.alpha, 1.0)))
      case "sigmoid": return .activation(.sigmoid)
      case "tanh": return .activation(.tanh)
      case "log_softmax": return .logSoftmax
      case "flatten": return .flatten
      case "unflatten": return .unflatten(Shape(try box.decode([Int].self, forKey: .shape)))
      default: throw DecodingError.dataCorruptedError(forKey: .type, in: box, debugDescription: "no layer \(type)")
      }
    }
    layer = Layer(try operation(), trainable: try value(.trainable, true))
  }
}

/// `3`, `[3, 5]` or `[null, 2]`.
private struct OneOrTwo: Decodable {
  let sizes: [Int?]

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if let one = try? box.decode(Int.self) { sizes = [one] } else { sizes = try box.decode([Int?].self) }
  }
}
