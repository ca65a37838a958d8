import Architectures
import Kernels

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
