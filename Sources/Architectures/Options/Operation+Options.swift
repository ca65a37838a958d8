extension Operation {
  /// The name of the operation's ``LayerType`` and all its options in the table's order, defaults written out.
  ///
  /// What a ``LayerType`` makes of these options is the operation again.
  public var asOptions: (type: String, options: [(name: String, value: OptionValue)]) {
    switch self {
    case .linear(let linear):
      return ("linear", [("out_features", .integer(linear.outFeatures)), ("bias", .boolean(linear.bias))])
    case .convolution(let convolution): return convolution.asOptions
    case .transposedConvolution(let convolution): return convolution.asOptions
    case .maxPooling(let pooling):
      let rank = pooling.rank
      return (
        "max_pool\(rank.rawValue)d",
        [
          ("kernel_size", pooling.kernelSize.value(rank)), ("stride", pooling.stride.value(rank)),
          ("padding", pooling.padding.value(rank)), ("dilation", pooling.dilation.value(rank)),
          ("ceil_mode", .boolean(pooling.ceilMode)),
        ]
      )
    case .averagePooling(let pooling): return pooling.asOptions
    case .adaptiveAveragePooling(let pooling):
      let sides = pooling.rank == .two ? [pooling.outputHeight, pooling.outputWidth] : [pooling.outputWidth]
      let values = sides.map { side in side.map { OptionValue.integer($0) } ?? .null }
      return ("adaptive_avg_pool\(pooling.rank.rawValue)d", [("output_size", .list(values))])
    case .batchNorm(let norm):
      return (
        "batch_norm\(norm.rank.rawValue)d",
        [
          ("eps", .number(norm.eps)), ("momentum", norm.momentum.map { .number($0) } ?? .null),
          ("affine", .boolean(norm.affine)), ("track_running_stats", .boolean(norm.trackRunningStats)),
        ]
      )
    case .dropout(let probability): return ("dropout", [("p", .number(probability))])
    case .activation(.relu): return ("relu", [])
    case .activation(.leakyReLU(let slope)): return ("leaky_relu", [("negative_slope", .number(slope))])
    case .activation(.elu(let alpha)): return ("elu", [("alpha", .number(alpha))])
    case .activation(.sigmoid): return ("sigmoid", [])
    case .activation(.tanh): return ("tanh", [])
    case .logSoftmax: return ("log_softmax", [])
    case .flatten: return ("flatten", [])
    case .unflatten(let shape):
      return ("unflatten", [("unflattened_size", .list(shape.dimensions.map { .integer($0) }))])
    }
  }
}

extension Operation {
  /// The operation in the words in which all that compute the same agree: a padding of `same` that has an equal number
  /// of zeros on both sides is given as that number.
  public var normalized: Operation {
    guard case .convolution(var convolution) = self, convolution.padding == .same else { return self }
    let border = convolution.border
    guard border.top == border.bottom, border.left == border.right else { return self }
    convolution.padding = .explicit(Extent(border.top, border.left))
    return .convolution(convolution)
  }
}

extension Convolution {
  fileprivate var asOptions: (type: String, options: [(name: String, value: OptionValue)]) {
    let paddingValue: OptionValue =
      switch padding {
      case .same: .text("same")
      case .explicit(let extent): extent.value(rank)
      }
    return (
      "conv\(rank.rawValue)d",
      [
        ("out_channels", .integer(outChannels)), ("kernel_size", kernelSize.value(rank)),
        ("stride", stride.value(rank)),
        ("padding", paddingValue),
        ("dilation", dilation.value(rank)), ("groups", .integer(groups)), ("bias", .boolean(bias)),
        ("padding_mode", .text(paddingMode.rawValue)),
      ]
    )
  }
}

extension TransposedConvolution {
  fileprivate var asOptions: (type: String, options: [(name: String, value: OptionValue)]) {
    (
      "conv_transpose\(rank.rawValue)d",
      [
        ("out_channels", .integer(outChannels)), ("kernel_size", kernelSize.value(rank)),
        ("stride", stride.value(rank)), ("padding", padding.value(rank)),
        ("output_padding", outputPadding.value(rank)), ("groups", .integer(groups)), ("bias", .boolean(bias)),
        ("dilation", dilation.value(rank)),
      ]
    )
  }
}

extension AveragePooling {
  fileprivate var asOptions: (type: String, options: [(name: String, value: OptionValue)]) {
    var options: [(name: String, value: OptionValue)] = [
      ("kernel_size", kernelSize.value(rank)), ("stride", stride.value(rank)), ("padding", padding.value(rank)),
      ("ceil_mode", .boolean(ceilMode)), ("count_include_pad", .boolean(countIncludePad)),
    ]
    if rank == .two { options.append(("divisor_override", divisorOverride.map { .integer($0) } ?? .null)) }
    return ("avg_pool\(rank.rawValue)d", options)
  }
}
