/// One layer of a chain: what it does, and whether it learns.
public struct Layer: Hashable, Sendable {
  /// What the layer computes, with all its options.
  public var operation: Operation
  /// Whether the optimizer changes the layer's parameters (PyTorch's `requires_grad`).
  public var trainable: Bool
  /// The layer's name in weight files (`conv1` in `conv1.weight`); its index in the chain where there is none.
  public var name: String?

  /// Creates a layer; by default it learns and is known by its index.
  public init(_ operation: Operation, trainable: Bool = true, name: String? = nil) {
    (self.operation, self.trainable, self.name) = (operation, trainable, name)
  }
}

/// What a layer computes. Options and their defaults are those of the PyTorch module of the same name.
public enum Operation: Hashable, Sendable {
  /// `nn.Linear`
  case linear(Linear)
  /// `nn.Conv1d`, `nn.Conv2d`
  case convolution(Convolution)
  /// `nn.ConvTranspose1d`, `nn.ConvTranspose2d`
  case transposedConvolution(TransposedConvolution)
  /// `nn.MaxPool1d`, `nn.MaxPool2d`
  case maxPooling(MaxPooling)
  /// `nn.AvgPool1d`, `nn.AvgPool2d`
  case averagePooling(AveragePooling)
  /// `nn.AdaptiveAvgPool1d`, `nn.AdaptiveAvgPool2d`
  case adaptiveAveragePooling(AdaptiveAveragePooling)
  /// `nn.BatchNorm1d`, `nn.BatchNorm2d`
  case batchNorm(BatchNorm)
  /// `nn.Dropout`
  case dropout(probability: Double)
  /// `nn.ReLU`, `nn.Sigmoid` …: one function for every value.
  case activation(Activation)
  /// `nn.LogSoftmax(dim=1)`
  case logSoftmax
  /// `nn.Flatten()`: `[C, H, W]` to `[C · H · W]`, in that order.
  case flatten
  /// `nn.Unflatten(1, shape)`: the first dimension becomes these.
  case unflatten(Shape)
}

/// A function applied to every value by itself.
public enum Activation: Hashable, Sendable {
  /// `max(x, 0)`
  case relu
  /// `x` where it is positive, otherwise `negativeSlope · x`.
  case leakyReLU(negativeSlope: Double)
  /// `x` where it is positive, otherwise `alpha · (exp(x) − 1)`.
  case elu(alpha: Double)
  /// `1 / (1 + exp(−x))`
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
}

/// The number of spatial dimensions that a layer works on.
public enum SpatialRank: Int, Hashable, Sendable {
  /// Sequences, `[C, L]`.
  case one = 1
  /// Images, `[C, H, W]`.
  case two = 2
}

/// The padding of a convolution, as PyTorch's `padding` argument says it.
public enum Padding: Hashable, Sendable {
  /// Rows above and below, columns left and right. `"valid"` is zero of both.
  case explicit(Extent)
  /// As much as keeps the image's size at stride 1; an odd zero of an even kernel lies on the far side.
  case same
}

/// What lies in the padding.
public enum PaddingMode: String, Hashable, Sendable, CaseIterable {
  /// Zeros.
  case zeros
  /// The image mirrored at its edge, the edge itself not repeated.
  case reflect
  /// The edge's own value.
  case replicate
  /// The opposite side of the image.
  case circular
}

/// A fully connected layer, `y = x Wᵀ + b`.
public struct Linear: Hashable, Sendable {
  /// Values per example after the layer.
  public var outFeatures: Int
  /// Whether a bias is added.
  public var bias: Bool

  /// Creates the description of a fully connected layer.
  public init(outFeatures: Int, bias: Bool = true) { (self.outFeatures, self.bias) = (outFeatures, bias) }
}

/// A cross-correlation over a sequence or an image.
public struct Convolution: Hashable, Sendable {
  /// Whether it slides over sequences or images.
  public var rank: SpatialRank
  /// Channels after the layer.
  public var outChannels: Int
  /// Rows and columns of the kernel.
  public var kernelSize: Extent
  /// Steps from one window to the next.
  public var stride: Extent
  /// What is added around the image.
  public var padding: Padding
  /// Steps between neighbouring values of a window.
  public var dilation: Extent
  /// Into how many groups, each with a kernel of its own, the channels are split.
  public var groups: Int
  /// Whether a bias is added.
  public var bias: Bool
  /// What the padding holds.
  public var paddingMode: PaddingMode

  /// Creates the description of a convolution with PyTorch's defaults.
  public init(
    rank: SpatialRank = .two, outChannels: Int, kernelSize: Extent, stride: Extent = Extent(1),
    padding: Padding = .explicit(Extent(0)), dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    (self.rank, self.outChannels, self.kernelSize, self.stride) = (rank, outChannels, kernelSize, stride)
    (self.padding, self.dilation, self.groups) = (padding, dilation, groups)
    (self.bias, self.paddingMode) = (bias, paddingMode)
  }

  /// The padding on each side.
  public var border: Border {
    switch padding {
    case .explicit(let extent): return Border(extent)
    case .same:
      let rows = dilation.height * (kernelSize.height - 1)
      let columns = dilation.width * (kernelSize.width - 1)
      return Border(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    }
  }
}

/// The adjoint of a convolution, which enlarges a sequence or an image.
public struct TransposedConvolution: Hashable, Sendable {
  /// Whether it works on sequences or images.
  public var rank: SpatialRank
  /// Channels after the layer.
  public var outChannels: Int
  /// Rows and columns of the kernel.
  public var kernelSize: Extent
  /// Steps between the places where neighbouring inputs put their kernel.
  public var stride: Extent
  /// Rows and columns cut from each side of the output.
  public var padding: Extent
  /// Rows and columns added at the bottom and the right of the output.
  public var outputPadding: Extent
  /// Into how many groups the channels are split.
  public var groups: Int
  /// Whether a bias is added.
  public var bias: Bool
  /// Steps between neighbouring values of the kernel.
  public var dilation: Extent

  /// Creates the description of a transposed convolution with PyTorch's defaults.
  public init(
    rank: SpatialRank = .two, outChannels: Int, kernelSize: Extent, stride: Extent = Extent(1),
    padding: Extent = Extent(0), outputPadding: Extent = Extent(0), groups: Int = 1, bias: Bool = true,
    dilation: Extent = Extent(1)
  ) {
    (self.rank, self.outChannels, self.kernelSize, self.stride) = (rank, outChannels, kernelSize, stride)
    (self.padding, self.outputPadding, self.groups) = (padding, outputPadding, groups)
    (self.bias, self.dilation) = (bias, dilation)
  }
}

/// The largest value of each window.
public struct MaxPooling: Hashable, Sendable {
  /// Whether it works on sequences or images.
  public var rank: SpatialRank
  /// Rows and columns of a window.
  public var kernelSize: Extent
  /// Steps from one window to the next; PyTorch's default is the kernel's size.
  public var stride: Extent
  /// Rows and columns of −∞ around the image; at most half of the kernel.
  public var padding: Extent
  /// Steps between neighbouring values of a window.
  public var dilation: Extent
  /// Whether a window that passes the far edge counts.
  public var ceilMode: Bool

  /// Creates the description of a max pooling with PyTorch's defaults.
  public init(
    rank: SpatialRank = .two, kernelSize: Extent, stride: Extent? = nil, padding: Extent = Extent(0),
    dilation: Extent = Extent(1), ceilMode: Bool = false
  ) {
    (self.rank, self.kernelSize, self.stride) = (rank, kernelSize, stride ?? kernelSize)
    (self.padding, self.dilation, self.ceilMode) = (padding, dilation, ceilMode)
  }
}

/// The mean of each window.
public struct AveragePooling: Hashable, Sendable {
  /// Whether it works on sequences or images.
  public var rank: SpatialRank
  /// Rows and columns of a window.
  public var kernelSize: Extent
  /// Steps from one window to the next; PyTorch's default is the kernel's size.
  public var stride: Extent
  /// Rows and columns of zeros around the image; at most half of the kernel.
  public var padding: Extent
  /// Whether a window that passes the far edge counts.
  public var ceilMode: Bool
  /// Whether zeros of the padding count in the mean.
  public var countIncludePad: Bool
  /// What to divide a window's sum by instead of its size (images only).
  public var divisorOverride: Int?

  /// Creates the description of an average pooling with PyTorch's defaults.
  public init(
    rank: SpatialRank = .two, kernelSize: Extent, stride: Extent? = nil, padding: Extent = Extent(0),
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) {
    (self.rank, self.kernelSize, self.stride) = (rank, kernelSize, stride ?? kernelSize)
    (self.padding, self.ceilMode) = (padding, ceilMode)
    (self.countIncludePad, self.divisorOverride) = (countIncludePad, divisorOverride)
  }
}

/// Means over windows chosen so that the output has a given size.
public struct AdaptiveAveragePooling: Hashable, Sendable {
  /// Whether it works on sequences or images.
  public var rank: SpatialRank
  /// Rows and columns after the layer; `nil` keeps the input's.
  public var outputHeight: Int?
  /// Columns after the layer; `nil` keeps the input's.
  public var outputWidth: Int?

  /// Creates the description of an adaptive average pooling.
  public init(rank: SpatialRank = .two, outputHeight: Int?, outputWidth: Int?) {
    (self.rank, self.outputHeight, self.outputWidth) = (rank, outputHeight, outputWidth)
  }
}

/// Normalisation of each channel over the batch. Source: Ioffe & Szegedy 2015, arXiv:1502.03167.
public struct BatchNorm: Hashable, Sendable {
  /// `.two` for `nn.BatchNorm2d` (`[C, H, W]`), `.one` for `nn.BatchNorm1d` (`[C]` or `[C, L]`).
  public var rank: SpatialRank
  /// Added to the variance.
  public var eps: Double
  /// The share of the newest batch in the running statistics; `nil` takes the mean over all batches.
  public var momentum: Double?
  /// Whether a scale and a shift are learnt.
  public var affine: Bool
  /// Whether running statistics are kept, and used in evaluation.
  public var trackRunningStats: Bool

  /// Creates the description of a batch normalisation with PyTorch's defaults.
  public init(
    rank: SpatialRank = .two, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true
  ) {
    (self.rank, self.eps, self.momentum) = (rank, eps, momentum)
    (self.affine, self.trackRunningStats) = (affine, trackRunningStats)
  }
}
