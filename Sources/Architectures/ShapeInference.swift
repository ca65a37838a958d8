/// How large networks may be: far beyond what fits a machine, far below what overflows an `Int`.
public enum NetworkLimits {
  /// Values that one layer may put out for one example, and values that one network may learn.
  public static let values = 1 << 28
  /// Multiply-adds of one layer for one example.
  public static let multiplyAdds = 1 << 50

  /// The product of positive sizes.
  ///
  /// - Throws: where it passes the limit.
  static func product(
    _ sizes: [Int], limit: Int = values, _ what: String
  ) throws(ShapeProblem) -> Int {
    var product = 1
    for size in sizes {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard !overflows, next <= limit else {
        throw ShapeProblem("\(what) \(sizes.map(String.init).joined(separator: " × ")) passes the limit of \(limit)")
      }
      product = next
    }
    return product
  }
}

/// What a layer makes of its input's shape.
struct Inference {
  var output: Shape
  var parameters: [(name: String, shape: [Int])] = []
  var buffers: [(name: String, shape: [Int])] = []
  var multiplyAdds = 0
}

extension Operation {
  /// The kind as it stands in messages and plans: `conv` in `conv2`.
  var shortName: String {
    switch self {
    case .linear: "linear"
    case .convolution: "conv"
    case .transposedConvolution: "conv_transpose"
    case .maxPooling: "max_pool"
    case .averagePooling: "avg_pool"
    case .adaptiveAveragePooling: "adaptive_avg_pool"
    case .batchNorm: "batch_norm"
    case .dropout: "dropout"
    case .activation(let activation):
      switch activation {
      case .relu: "relu"
      case .leakyReLU: "leaky_relu"
      case .elu: "elu"
      case .sigmoid: "sigmoid"
      case .tanh: "tanh"
      }
    case .logSoftmax: "log_softmax"
    case .flatten: "flatten"
    case .unflatten: "unflatten"
    }
  }

  /// The output's shape, the parameters and the cost, all within ``NetworkLimits``.
  func inferred(from input: Shape) throws(ShapeProblem) -> Inference {
    let inference = try unlimited(from: input)
    _ = try NetworkLimits.product(inference.output.dimensions, "its output")
    for parameter in inference.parameters {
      _ = try NetworkLimits.product(parameter.shape, "its \(parameter.name)")
    }
    return inference
  }

  /// The one place where shapes are computed. All sizes of the description are positive, none is above a million
  /// (the reader checks that), and those of the input are within ``NetworkLimits``; so no sum overflows.
  private func unlimited(from input: Shape) throws(ShapeProblem) -> Inference {
    switch self {
    case .activation, .dropout: return Inference(output: input)
    case .logSoftmax: return Inference(output: input)
    case .flatten: return Inference(output: Shape(input.count))
    case .unflatten(let shape):
      guard shape.count == input.dimensions[0] else {
        let hint = shape.count == input.count ? "; put a flatten layer before it" : ""
        throw ShapeProblem(
          "unflattened_size \(shape) holds \(shape.count) values, the first dimension of its input [\(input)] has "
            + "\(input.dimensions[0])\(hint)")
      }
      return Inference(output: Shape(shape.dimensions + input.dimensions.dropFirst()))
    case .linear(let linear): return try linear.inferred(from: input)
    case .convolution(let convolution): return try convolution.inferred(from: input)
    case .transposedConvolution(let convolution): return try convolution.inferred(from: input)
    case .maxPooling(let pooling):
      let output = try PoolingWindow(
        rank: pooling.rank, kernel: pooling.kernelSize, stride: pooling.stride, padding: pooling.padding,
        dilation: pooling.dilation,
        ceilMode: pooling.ceilMode
      ).output(of: ImageShape(input, rank: pooling.rank))
      return Inference(output: output.shape(rank: pooling.rank))
    case .averagePooling(let pooling):
      let output = try PoolingWindow(
        rank: pooling.rank, kernel: pooling.kernelSize, stride: pooling.stride, padding: pooling.padding,
        dilation: Extent(1),
        ceilMode: pooling.ceilMode
      ).output(of: ImageShape(input, rank: pooling.rank))
      return Inference(output: output.shape(rank: pooling.rank))
    case .adaptiveAveragePooling(let pooling):
      var image = try ImageShape(input, rank: pooling.rank)
      image.height = pooling.outputHeight ?? image.height
      image.width = pooling.outputWidth ?? image.width
      return Inference(output: image.shape(rank: pooling.rank))
    case .batchNorm(let norm): return try norm.inferred(from: input)
    }
  }
}

/// An example seen as an image: a sequence is an image of one row.
public struct ImageShape: Hashable, Sendable {
  /// Channels.
  public var channels: Int
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// Reads `[C, H, W]` (rank two) or `[C, L]` (rank one).
  ///
  /// - Throws: ``ShapeProblem`` where the shape has another number of dimensions.
  public init(_ shape: Shape, rank: SpatialRank) throws(ShapeProblem) {
    let sizes = shape.dimensions
    switch (rank, sizes.count) {
    case (.two, 3): (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    case (.one, 2): (channels, height, width) = (sizes[0], 1, sizes[1])
    case (.two, _): throw ShapeProblem("needs an image [C, H, W], its input is [\(shape)]")
    case (.one, _): throw ShapeProblem("needs a sequence [C, L], its input is [\(shape)]")
    }
  }

  init(channels: Int, height: Int, width: Int) {
    (self.channels, self.height, self.width) = (channels, height, width)
  }

  func shape(rank: SpatialRank) -> Shape {
    rank == .two ? Shape(channels, height, width) : Shape(channels, width)
  }

  /// `4 × 4` for an image, `4` for a sequence.
  func text(rank: SpatialRank) -> String { rank == .two ? "\(height) × \(width)" : "\(width)" }
}

extension Linear {
  func inferred(from input: Shape) throws(ShapeProblem) -> Inference {
    guard input.rank == 1 else {
      throw ShapeProblem("needs a flat input, its input is [\(input)]; put a flatten layer before it")
    }
    var inference = Inference(output: Shape(outFeatures))
    inference.parameters = [("weight", [outFeatures, input.count])] + (bias ? [("bias", [outFeatures])] : [])
    inference.multiplyAdds = try multiplyAdds([outFeatures, input.count])
    return inference
  }
}

extension Convolution {
  func inferred(from input: Shape) throws(ShapeProblem) -> Inference {
    let image = try ImageShape(input, rank: rank)
    try checkGroups(groups, dividing: image.channels, and: outChannels)
    if padding == .same, stride != Extent(1) {
      throw ShapeProblem("padding \"same\" needs stride 1, its stride is \(stride.text(rank))")
    }
    let border = border
    try checkPaddingMode(border, on: image)
    let rows = dilation.height * (kernelSize.height - 1) + 1
    let columns = dilation.width * (kernelSize.width - 1) + 1
    let paddedHeight = image.height + border.top + border.bottom
    let paddedWidth = image.width + border.left + border.right
    guard rows <= paddedHeight, columns <= paddedWidth else {
      let kernel = kernelSize.text(rank)
      let spread = dilation == Extent(1) ? "" : " with dilation \(dilation.text(rank))"
      let padded =
        border == .none
        ? "" : " (\(rank == .two ? "\(paddedHeight) × \(paddedWidth)" : "\(paddedWidth)") with its padding)"
      throw ShapeProblem("kernel \(kernel)\(spread) does not fit its \(image.text(rank: rank)) input\(padded)")
    }
    let output = ImageShape(
      channels: outChannels, height: (paddedHeight - rows) / stride.height + 1,
      width: (paddedWidth - columns) / stride.width + 1)
    var inference = Inference(output: output.shape(rank: rank))
    let kernel = rank == .two ? [kernelSize.height, kernelSize.width] : [kernelSize.width]
    inference.parameters = [("weight", [outChannels, image.channels / groups] + kernel)]
    if bias { inference.parameters.append(("bias", [outChannels])) }
    inference.multiplyAdds = try multiplyAdds(
      [outChannels, output.height, output.width, image.channels / groups, kernelSize.height, kernelSize.width])
    return inference
  }

  private func checkPaddingMode(_ border: Border, on image: ImageShape) throws(ShapeProblem) {
    let rows = max(border.top, border.bottom)
    let columns = max(border.left, border.right)
    switch paddingMode {
    case .zeros, .replicate: return
    case .reflect:
      guard rows < image.height, columns < image.width else {
        throw ShapeProblem(
          "padding_mode \"reflect\" needs less padding than its \(image.text(rank: rank)) input has rows and columns")
      }
    case .circular:
      guard rows <= image.height, columns <= image.width else {
        throw ShapeProblem(
          "padding_mode \"circular\" needs no more padding than its \(image.text(rank: rank)) input has rows and columns"
        )
      }
    }
  }
}

extension TransposedConvolution {
  func inferred(from input: Shape) throws(ShapeProblem) -> Inference {
    let image = try ImageShape(input, rank: rank)
    try checkGroups(groups, dividing: image.channels, and: outChannels)
    guard outputPadding.height < max(stride.height, dilation.height),
      outputPadding.width < max(stride.width, dilation.width)
    else {
      throw ShapeProblem(
        "output_padding \(outputPadding.text(rank)) must be smaller than the stride or the dilation")
    }
    let output = ImageShape(
      channels: outChannels,
      height: (image.height - 1) * stride.height - 2 * padding.height + dilation.height * (kernelSize.height - 1)
        + outputPadding.height + 1,
      width: (image.width - 1) * stride.width - 2 * padding.width + dilation.width * (kernelSize.width - 1)
        + outputPadding.width + 1)
    guard output.height > 0, output.width > 0 else {
      throw ShapeProblem("padding \(padding.text(rank)) leaves nothing of its \(image.text(rank: rank)) input's output")
    }
    var inference = Inference(output: output.shape(rank: rank))
    let kernel = rank == .two ? [kernelSize.height, kernelSize.width] : [kernelSize.width]
    inference.parameters = [("weight", [image.channels, outChannels / groups] + kernel)]
    if bias { inference.parameters.append(("bias", [outChannels])) }
    inference.multiplyAdds = try multiplyAdds(
      [image.channels, image.height, image.width, outChannels / groups, kernelSize.height, kernelSize.width])
    return inference
  }
}

extension BatchNorm {
  func inferred(from input: Shape) throws(ShapeProblem) -> Inference {
    let allowed = rank == .two ? [3] : [1, 2]
    guard allowed.contains(input.rank) else {
      let wanted = rank == .two ? "an image [C, H, W]" : "[C] or [C, L]"
      throw ShapeProblem("needs \(wanted), its input is [\(input)]")
    }
    let channels = [input.dimensions[0]]
    var inference = Inference(output: input)
    if affine { inference.parameters = [("weight", channels), ("bias", channels)] }
    if trackRunningStats {
      inference.buffers = [("running_mean", channels), ("running_var", channels), ("num_batches_tracked", [])]
    }
    return inference
  }
}

/// The windows of a pooling layer.
struct PoolingWindow {
  var rank: SpatialRank
  var kernel: Extent
  var stride: Extent
  var padding: Extent
  var dilation: Extent
  var ceilMode: Bool

  func output(of image: ImageShape) throws(ShapeProblem) -> ImageShape {
    guard 2 * padding.height <= kernel.height, 2 * padding.width <= kernel.width else {
      throw ShapeProblem("padding \(padding.text(rank)) must be at most half of the window \(kernel.text(rank))")
    }
    return ImageShape(
      channels: image.channels,
      height: try size(of: image.height, kernel.height, stride.height, padding.height, dilation.height, image),
      width: try size(of: image.width, kernel.width, stride.width, padding.width, dilation.width, image))
  }

  private func size(
    of input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ image: ImageShape
  ) throws(ShapeProblem) -> Int {
    // As PyTorch: rounding up, a window may be larger than the image by less than a stride.
    let free = input + 2 * padding - dilation * (kernel - 1) - 1 + (ceilMode ? stride - 1 : 0)
    guard free >= 0 else {
      throw ShapeProblem("window \(self.kernel.text(rank)) does not fit its \(image.text(rank: rank)) input")
    }
    let windows = free / stride + 1
    guard ceilMode else { return windows }
    // As PyTorch: the last window must start inside the image or its near padding.
    return (windows - 1) * stride >= input + padding ? windows - 1 : windows
  }
}

private func multiplyAdds(_ sizes: [Int]) throws(ShapeProblem) -> Int {
  try NetworkLimits.product(sizes, limit: NetworkLimits.multiplyAdds, "its number of multiply-adds")
}

private func checkGroups(_ groups: Int, dividing inputs: Int, and outputs: Int) throws(ShapeProblem) {
  guard inputs % groups == 0, outputs % groups == 0 else {
    throw ShapeProblem("groups \(groups) must divide its \(inputs) input and \(outputs) output channels")
  }
}
