/// Which algorithms compute a convolution and its gradients, decided in this file alone.
///
/// A plan follows from the shapes alone, never from a processor, a timing or a value of the data, because another
/// algorithm rounds differently: the same network gives the same bits on every machine. A network makes its plans when it
/// is compiled; `bench speed --layers` prints them.
///
/// The rule, with the reasons beside the code below:
///
/// | shape | output | input gradient | weight gradient |
/// |---|---|---|---|
/// | one kernel per channel | depthwise | depthwise | depthwise |
/// | groups, or dilation without a stride | by parts, each as below | by parts | by parts |
/// | dilation with a stride, padding that is filled | im2col | col2im | im2col |
/// | no pooling behind | direct or Winograd | direct or Winograd | direct or Winograd; sparse behind ReLU |
/// | a pooling behind | direct or Winograd | sparse | sparse |
/// | the same with a stride | direct | direct; sparse behind a pooling | as without |
///
/// A new algorithm is a new case here, and a row of the table that `ConvolutionPlanTests` pins.
package struct ConvolutionPlan: Hashable, Sendable, CustomStringConvertible {
  /// How the output is computed.
  package enum Forward: String, Hashable, Sendable {
    /// As a matrix product with the patches that the windows see (``PlainConvolution``).
    case im2col
    /// Channel by channel, without a matrix product (``PlainConvolution``).
    case depthwise
    /// As the definition says, from the stored image (``FusedConvolution``).
    case direct
    /// Along rows with fewer multiplications than the definition (``FusedConvolution``).
    case winograd = "Winograd"
  }

  /// How the gradient of the input is computed.
  package enum InputGradient: String, Hashable, Sendable {
    /// As a matrix product whose patches are added back to the image.
    case col2im
    /// Channel by channel.
    case depthwise
    /// As a direct convolution of the output's gradient with the turned kernels.
    case direct
    /// As the same convolution with fewer multiplications.
    case winograd = "Winograd"
    /// As a sum of shifted kernels over the places alone that pass a gradient. Goes with a sparse weight gradient.
    case sparse
  }

  /// How the gradient of the weights is computed.
  package enum WeightGradient: String, Hashable, Sendable {
    /// As a matrix product with the patches.
    case im2col
    /// Channel by channel.
    case depthwise
    /// As a direct convolution of the image with the output's gradient.
    case direct
    /// As the same sums with fewer multiplications.
    case winograd = "Winograd"
    /// As a sum of the image's runs over the places alone that pass a gradient.
    case sparse
  }

  /// How the output is computed.
  package let forward: Forward
  /// How the gradient of the input is computed, where it is asked for.
  package let inputGradient: InputGradient
  /// How the gradient of the weights is computed.
  package let weightGradient: WeightGradient
  /// Whether ReLU is applied to sums that are still in the cache, and its gradient with the convolution's.
  package let fusesReLU: Bool
  /// The pooling that is computed from sums that are still in the cache.
  package let fusedPooling: ConvolutionBlock.Pooling
  /// Whether a direct output and the weights' gradient leave out windows that see nothing but zeros.
  package let skipsZeroColumns: Bool
  /// Whether groups, and pixels that a dilation apart see each other, are convolved one by one (``PlainConvolution``).
  package let isSplit: Bool

  /// Whether ``FusedConvolution`` computes it; otherwise ``PlainConvolution`` does.
  package var isFused: Bool { !isSplit && (forward == .direct || forward == .winograd) }

  /// A plan of one's own, for tests that compare algorithms.
  init(
    _ forward: Forward, _ inputGradient: InputGradient, _ weightGradient: WeightGradient, fusesReLU: Bool = false,
    fusedPooling: ConvolutionBlock.Pooling = .none, skipsZeroColumns: Bool = false, isSplit: Bool = false
  ) {
    (self.forward, self.inputGradient, self.weightGradient) = (forward, inputGradient, weightGradient)
    (self.fusesReLU, self.fusedPooling, self.skipsZeroColumns) = (fusesReLU, fusedPooling, skipsZeroColumns)
    self.isSplit = isSplit
  }

  /// Plans a convolution alone by the kernels that compute any geometry, which a transposed convolution uses too.
  package init(plain geometry: ConvolutionGeometry) {
    // One kernel per channel leaves matrices of one column, which a matrix library is slow at.
    if geometry.isDepthwise {
      self.init(.depthwise, .depthwise, .depthwise)
    } else {
      self.init(.im2col, .col2im, .im2col)
    }
  }

  /// Plans a block; `nil` where its layers can't be computed together. A convolution alone always has a plan.
  ///
  /// The layout of the block's output counts by its size, not by its padding.
  package init?(_ block: ConvolutionBlock) {
    guard Self.hasFusedKernels(block) else {
      if block.appliesReLU || block.pooling != .none { return nil }
      // A part is dense: patches would be torn into runs of a group's few channels.
      if block.paddingFill == nil, !block.geometry.isDepthwise,
        let part = SplitConvolution.largestPart(of: block.geometry).flatMap({ ConvolutionPlan($0) }), !part.isSplit
      {
        self.init(part.forward, part.inputGradient, part.weightGradient, isSplit: true)
      } else {
        self.init(plain: block.geometry)
      }
      return
    }
    let (inputGradient, weightGradient) = Self.gradients(of: block)
    self.init(
      Self.forward(of: block), inputGradient, weightGradient, fusesReLU: block.appliesReLU,
      fusedPooling: block.pooling,
      // Images of one channel are often drawings on an empty ground, as handwritten digits are. Behind other layers,
      // and in color, such regions are rare, and looking for them would cost as much as it saves.
      skipsZeroColumns: block.geometry.input.channels == 1)
  }

  private static func forward(of block: ConvolutionBlock) -> Forward {
    // Winograd's tiles overlap by the kernel's size, which supposes that neighbouring windows are one pixel apart.
    let isFaster = winogradIsFaster(
      block.geometry.window, channels: block.geometry.input.channels, columns: block.output.width * block.poolWidth)
    return isFaster && !hasStride(block) ? .winograd : .direct
  }

  private static func gradients(of block: ConvolutionBlock) -> (InputGradient, WeightGradient) {
    // A max pooling passes its gradient to one place per window, a mean behind ReLU to the active ones: the dense
    // gradient would be mostly zeros, so the sums run over the rest alone.
    if block.pooling != .none { return (.sparse, .sparse) }
    // The image's gradient is a convolution too, of the output's channels; with a stride, one per phase.
    let isFaster =
      !hasStride(block)
      && winogradIsFaster(block.geometry.window, channels: block.output.channels, columns: block.geometry.input.width)
    let inputPlan: InputGradient = isFaster ? .winograd : .direct
    if winogradIsFasterForWeights(block) { return (inputPlan, .winograd) }
    // Behind ReLU about half of the output's gradient is zero. To list the other half costs as much per term as a block
    // of few floats, so it is worth it where the kernel of an output channel fills four vectors or more.
    let listsTerms = block.appliesReLU && block.geometry.patchSize >= 32
    return (inputPlan, listsTerms ? .sparse : .direct)
  }

  private static func hasStride(_ block: ConvolutionBlock) -> Bool {
    block.geometry.window.strideHeight > 1 || block.geometry.window.strideWidth > 1
  }

  /// Whether the fused kernels are made for a block.
  private static func hasFusedKernels(_ block: ConvolutionBlock) -> Bool {
    let (geometry, window) = (block.geometry, block.geometry.window)
    // A window's row is one run of neighbouring floats, which groups and dilation would tear apart.
    let hasRuns = geometry.groups == 1 && window.dilationHeight == 1 && window.dilationWidth == 1
    // Nothing is looked up at the edges. The gradient of filled padding would have to go back to the image's pixels.
    let readsStoredZeros = geometry.hasStoredPadding && block.paddingFill == nil
    let poolFits =
      switch block.pooling {
      case .none: block.poolHeight == 1 && block.poolWidth == 1
      case .maximum: block.poolHeight * block.poolWidth <= PoolingMask.mostPlaces
      // The gradient of a mean needs a table of the places that are active together: 16 for a window of four.
      case .average: block.poolHeight == 2 && block.poolWidth == 2
      }
    return hasRuns && readsStoredZeros && poolFits && geometry.output.height >= block.poolHeight
      && geometry.output.width >= block.poolWidth
  }

  /// Whether Winograd's algorithm is faster than the definition for so many columns of sums over so many channels.
  private static func winogradIsFaster(_ window: WindowGeometry, channels: Int, columns: Int) -> Bool {
    // A kernel of one row, a sequence's, wins little, and a plain sum rounds as others' do. With few products per point
    // the transforms outweigh what they save, which is more at five columns than at three: there it takes more than three
    // rows of 16 channels (measured with vectors of 16 floats; with those of 8 both are as fast at that).
    guard WinogradConvolution.taps.contains(window.width), window.height >= 3,
      window.height * channels > (window.width == 5 ? 11 : 3 * 16)
    else { return false }
    return tilesAreFull(window, columns: columns)
  }

  /// Whether Winograd's algorithm is faster than the definition for the weights' gradient, and than a sparse sum, which
  /// saves about as many products at half the speed.
  private static func winogradIsFasterForWeights(_ block: ConvolutionBlock) -> Bool {
    let (window, inputs, outputs) = (block.geometry.window, block.geometry.input.channels, block.output.channels)
    // A tile's products grow with the product of the channels, its transforms with their sum.
    guard !hasStride(block), WinogradConvolution.taps.contains(window.width), window.height >= 3,
      window.height * inputs * outputs > 24 * (inputs + outputs)
    else { return false }
    return tilesAreFull(window, columns: block.output.width)
  }

  /// Whether two thirds of the multiplications are left at most: a last tile that is mostly thrown away costs more than
  /// is won.
  private static func tilesAreFull(_ window: WindowGeometry, columns: Int) -> Bool {
    let products = WinogradConvolution.tiles(columns: columns, taps: window.width) * WinogradConvolution.points
    return products * 3 <= columns * window.width * 2
  }

  /// The plan in words: `Winograd with ReLU; input gradient Winograd; weight gradient sparse`.
  package var description: String {
    let poolingName: String? =
      switch fusedPooling {
      case .none: nil
      case .maximum: "max pooling"
      case .average: "average pooling"
      }
    let fused = [fusesReLU ? "ReLU" : nil, poolingName].compactMap { $0 }.joined(separator: " and ")
    return forward.rawValue + (isSplit ? " by parts" : "") + (fused.isEmpty ? "; " : " with \(fused); ")
      + Self.gradientText(inputGradient.rawValue, weightGradient.rawValue)
      + (skipsZeroColumns ? "; skips zero columns" : "")
  }

  /// The same of the transposed convolution, which runs a convolution's input gradient forward and its output backward.
  package var transposedDescription: String {
    "transposed \(inputGradient.rawValue); " + Self.gradientText(forward.rawValue, weightGradient.rawValue)
  }

  private static func gradientText(_ input: String, _ weight: String) -> String {
    input == weight ? "gradients \(input)" : "input gradient \(input); weight gradient \(weight)"
  }
}
