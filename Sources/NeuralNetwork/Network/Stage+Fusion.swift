import Architectures
import Kernels

extension Stage {
  /// The same chain with each convolution, the ReLU and the pooling that follow it as one stage, where there are
  /// kernels for that, and each batch normalisation and the ReLU that follows it.
  static func fused(_ stages: [Stage]) -> [Stage] {
    var result: [Stage] = []
    var rest = stages[...]
    while let first = rest.popFirst() {
      var (longest, used) = (first, 0)
      for (index, follower) in rest.prefix(2).enumerated() {
        var longer = longest
        // A reshaping that moves nothing is no stage, but what is behind it sees other rows and pixels.
        guard let resolved = follower.resolved, follower.input == longest.output else { break }
        longer.followers.append(resolved)
        longer.output = follower.output
        guard longer.isOneModule else { break }
        (longest, used) = (longer, index + 1)
      }
      rest = rest.dropFirst(used)
      result.append(longest)
    }
    return result
  }

  /// Whether there is a module that computes the layer and its followers.
  private var isOneModule: Bool {
    switch resolved?.layer.kind {
    case let convolution as Convolution:
      block(convolution, input: input.padded(by: border), output: output).flatMap { ConvolutionPlan($0) } != nil
    case is BatchNorm: followers.count == 1 && followers[0].layer.kind as? Activation == .relu
    default: false
    }
  }

  /// The module of a convolution and its followers, by the plan that Kernels makes for their shapes.
  func convolutionModule(
    _ convolution: Convolution, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout,
    _ planner: inout Planner
  ) -> Module {
    guard let block = block(convolution, input: input, output: output), let plan = ConvolutionPlan(block) else {
      preconditionFailure("\(resolved.title) was joined with layers that can't be computed with it")
    }
    let weights = ConvolutionWeights(convolution, resolved, block.geometry, &planner)
    if plan.isFused { return FusedConvolutionModule(FusedConvolution(block, plan), weights, &planner) }
    let geometry = ConvolutionGeometry(convolution, input: input, output: output)
    return ConvolutionModule(
      PlainConvolution(geometry, plan), weights, paddingFill: block.paddingFill, output: output, &planner)
  }

  /// The shapes of a convolution and its followers; `nil` where these are not a ReLU, a pooling whose windows lie side
  /// by side, or one behind the other.
  private func block(_ convolution: Convolution, input: ImageLayout, output: ImageLayout) -> ConvolutionBlock? {
    guard let resolved else { return nil }
    let geometry = ConvolutionGeometry(convolution, input: input, output: Stage.layout(of: resolved.output))
    let fill = PaddingFill(convolution.paddingMode)
    var followers = followers[...]
    var appliesReLU = false
    if followers.first?.layer.kind as? Activation == .relu {
      appliesReLU = true
      followers.removeFirst()
    }
    guard let last = followers.popFirst() else {
      return ConvolutionBlock(geometry: geometry, paddingFill: fill, appliesReLU: appliesReLU, output: output)
    }
    guard followers.isEmpty, let pooling = last.layer.kind.plainPooling else { return nil }
    return ConvolutionBlock(
      geometry: geometry, paddingFill: fill, appliesReLU: appliesReLU, pooling: pooling.kind,
      poolHeight: pooling.size.height, poolWidth: pooling.size.width, output: output)
  }
}

extension LayerKind {
  /// The kind and the windows of a pooling whose windows lie side by side within the image.
  fileprivate var plainPooling: (kind: ConvolutionBlock.Pooling, size: Extent)? {
    switch self {
    case let options as MaxPooling:
      guard options.stride == options.kernelSize, options.padding == Extent(0), options.dilation == Extent(1),
        !options.ceilMode
      else { return nil }
      return (.maximum, options.kernelSize)
    case let options as AveragePooling:
      guard options.stride == options.kernelSize, options.padding == Extent(0), !options.ceilMode,
        options.divisorOverride == nil
      else { return nil }
      return (.average, options.kernelSize)
    default: return nil
    }
  }
}

extension PaddingFill {
  /// The fill of a described convolution's padding; `nil` for zeros.
  fileprivate init?(_ mode: PaddingMode) {
    switch mode {
    case .zeros: return nil
    case .reflect: self = .reflect
    case .replicate: self = .replicate
    case .circular: self = .circular
    }
  }
}
