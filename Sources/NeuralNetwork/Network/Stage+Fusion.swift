import Architectures
import Kernels

extension Stage {
  /// The same chain with each convolution, the ReLU and the pooling that follow it as one stage, where there are
  /// kernels for that.
  static func fused(_ stages: [Stage]) -> [Stage] {
    var result: [Stage] = []
    var rest = stages[...]
    while let first = rest.popFirst() {
      guard let convolution = first.resolved?.layer.kind as? Convolution else {
        result.append(first)
        continue
      }
      var (block, used) = (first, 0)
      for (index, follower) in rest.prefix(2).enumerated() {
        var longer = block
        guard let resolved = follower.resolved else { break }
        longer.followers.append(resolved)
        longer.output = follower.output
        guard longer.direct(convolution, input: longer.input.bordered(by: first.border), output: longer.output) != nil
        else { break }
        (block, used) = (longer, index + 1)
      }
      rest = rest.dropFirst(used)
      result.append(block)
    }
    return result
  }

  /// The kernels for a convolution and its followers, where there are some.
  func direct(_ convolution: Convolution, input: ImageLayout, output: ImageLayout) -> DirectConvolution? {
    guard convolution.paddingMode == .zeros, let resolved else { return nil }
    let geometry = ConvolutionGeometry(
      convolution, input: input, output: Stage.layout(of: resolved.output))
    var followers = followers[...]
    var rectifies = false
    if followers.first?.layer.kind as? Activation == .relu {
      rectifies = true
      followers.removeFirst()
    }
    guard let last = followers.popFirst() else {
      return DirectConvolution(geometry: geometry, rectifies: rectifies, output: output)
    }
    guard followers.isEmpty, let pooling = last.layer.kind.plainPooling else { return nil }
    return DirectConvolution(
      geometry: geometry, rectifies: rectifies, pooling: pooling.kind, poolHeight: pooling.size.height,
      poolWidth: pooling.size.width, output: output)
  }
}

extension LayerKind {
  /// The kind and the windows of a pooling whose windows lie side by side within the image.
  fileprivate var plainPooling: (kind: DirectConvolution.Pooling, size: Extent)? {
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

extension ConvolutionGeometry {
  /// The shapes of a described convolution.
  init(_ convolution: Convolution, input: ImageLayout, output: ImageLayout) {
    let padding = convolution.border
    self.init(
      input: input, output: output,
      window: WindowGeometry(
        height: convolution.kernelSize.height, width: convolution.kernelSize.width,
        strideHeight: convolution.stride.height, strideWidth: convolution.stride.width,
        dilationHeight: convolution.dilation.height, dilationWidth: convolution.dilation.width,
        paddingTop: padding.top, paddingLeft: padding.left),
      groups: convolution.groups)
  }
}
