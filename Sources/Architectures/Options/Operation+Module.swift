extension Operation {
  /// The name of the PyTorch module: `Conv2d`.
  public var moduleName: String {
    func ranked(_ name: String, _ rank: SpatialRank) -> String { "\(name)\(rank.rawValue)d" }
    switch self {
    case .linear: return "Linear"
    case .convolution(let layer): return ranked("Conv", layer.rank)
    case .transposedConvolution(let layer): return ranked("ConvTranspose", layer.rank)
    case .maxPooling(let layer): return ranked("MaxPool", layer.rank)
    case .averagePooling(let layer): return ranked("AvgPool", layer.rank)
    case .adaptiveAveragePooling(let layer): return ranked("AdaptiveAvgPool", layer.rank)
    case .batchNorm(let layer): return ranked("BatchNorm", layer.rank)
    case .dropout: return "Dropout"
    case .activation(.relu): return "ReLU"
    case .activation(.leakyReLU): return "LeakyReLU"
    case .activation(.elu): return "ELU"
    case .activation(.sigmoid): return "Sigmoid"
    case .activation(.tanh): return "Tanh"
    case .logSoftmax: return "LogSoftmax"
    case .flatten: return "Flatten"
    case .unflatten: return "Unflatten"
    }
  }

  /// The options that differ from their defaults, and those that have none, as a person says them:
  /// `out_channels 16, kernel_size 5, padding same`.
  public var optionText: String {
    let (type, options) = asOptions
    let table = LayerType.named(type)?.table
    var shown: [String] = []
    for (name, value) in options where value != table?.option(name)?.defaultValue {
      // A pooling's stride that is its window is PyTorch's default, which has no value of its own.
      if name == "stride", type.contains("pool"), value == options.first?.value { continue }
      shown.append("\(name) \(value.text)")
    }
    return shown.joined(separator: ", ")
  }
}

extension OptionValue {
  /// The value as a person writes it.
  fileprivate var text: String {
    switch self {
    case .null: "none"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let text): text
    case .list(let values): values.map(\.text).joined(separator: " × ")
    case .object(let options): options.sorted.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
    }
  }
}
