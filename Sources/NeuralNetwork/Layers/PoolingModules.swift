import Architectures
import Kernels

/// The largest value of each window, of given windows or of windows that give the output its size; a training step keeps
/// where it lay.
final class MaxPoolingModule: Module {
  private enum Windows {
    case sliding(WindowGeometry)
    case chosen(ChosenWindows)
  }

  private let windows: Windows
  private let argmaxOffset: Int

  init(_ pooling: MaxPooling, input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    windows = .sliding(
      WindowGeometry(
        height: pooling.kernelSize.height, width: pooling.kernelSize.width, strideHeight: pooling.stride.height,
        strideWidth: pooling.stride.width, dilationHeight: pooling.dilation.height,
        dilationWidth: pooling.dilation.width, paddingTop: pooling.padding.height, paddingLeft: pooling.padding.width))
    argmaxOffset = planner.reserve(planner.batchSize * output.valueCount)
    super.init(input: input, output: output)
  }

  /// Adaptive pooling.
  init(input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    windows = .chosen(ChosenWindows(input: input, output: output))
    argmaxOffset = planner.reserve(planner.batchSize * output.valueCount)
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let indices = context.isTraining ? indices(context) : nil
    switch windows {
    case .sliding(let window):
      maxPoolingForward(
        window, input: input, output: output, count: context.count, values, into: result, argmaxIndices: indices)
    case .chosen(let windows):
      adaptiveMaxPoolingForward(
        windows, input: input, output: output, count: context.count, values, into: result, argmaxIndices: indices)
    }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    maxPoolingBackward(
      input: input, output: output, count: context.count, gradOutput: gradOutput, argmaxIndices: indices(context),
      gradInput: gradInput)
  }

  /// Indices are kept among the floats, in as much room.
  private func indices(_ context: ModuleContext) -> UnsafeMutablePointer<Int32> {
    UnsafeMutableRawPointer(context.workspace + argmaxOffset)
      .bindMemory(to: Int32.self, capacity: context.count * output.valueCount)
  }
}

/// The mean of each window, of given windows or of windows that give the output its size.
final class AveragePoolingModule: Module {
  private let windows: AverageWindows

  init(_ pooling: AveragePooling, input: ImageLayout, output: ImageLayout) {
    let window = WindowGeometry(
      height: pooling.kernelSize.height, width: pooling.kernelSize.width, strideHeight: pooling.stride.height,
      strideWidth: pooling.stride.width, paddingTop: pooling.padding.height, paddingLeft: pooling.padding.width)
    windows = .sliding(
      SlidingAverage(
        window: window, countIncludePad: pooling.countIncludePad, divisor: pooling.divisorOverride ?? 0))
    super.init(input: input, output: output)
  }

  /// Adaptive pooling.
  override init(input: ImageLayout, output: ImageLayout) {
    windows = .chosen(ChosenWindows(input: input, output: output))
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    averagePoolingForward(windows, input: input, output: output, count: context.count, values, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    averagePoolingBackward(
      windows, input: input, output: output, count: context.count, gradOutput: gradOutput, gradInput: gradInput)
  }
}

extension ChosenWindows {
  /// Those of an adaptive pooling.
  fileprivate init(input: ImageLayout, output: ImageLayout) {
    self.init(
      rows: AdaptiveWindows.ranges(input: input.height, output: output.height),
      columns: AdaptiveWindows.ranges(input: input.width, output: output.width))
  }
}

extension MaxPooling: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    MaxPoolingModule(self, input: input, output: output, &planner)
  }
}

extension AdaptiveMaxPooling: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    MaxPoolingModule(input: input, output: output, &planner)
  }
}

extension AveragePooling: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    AveragePoolingModule(self, input: input, output: output)
  }
}

extension AdaptiveAveragePooling: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    AveragePoolingModule(input: input, output: output)
  }
}
