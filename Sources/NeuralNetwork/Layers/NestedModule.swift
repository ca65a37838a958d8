import Architectures
import Kernels

/// A layer that is made of chains of layers: all run on its input, and what they give is joined.
final class NestedModule: Module {
  /// What becomes of the paths' outputs.
  enum Join {
    /// Their sum.
    case sum
    /// One behind the other along the channels.
    case channels
  }

  /// A chain, and where it finds its input.
  private struct Path {
    /// `nil` passes the input on.
    let chain: ModuleChain?
    /// Where a copy of the input lies in the workspace during training, with the border that the chain wants; `nil`
    /// where the chain reads the module's own input.
    let copy: Int?
    /// What the path gives, in its shape's own layout: the chain's last module may know the same values as other pixels
    /// and channels, where a reshaping that moves none of them follows it.
    let output: ImageLayout
    /// The first of its channels in the module's output.
    let channel: Int
    /// Floats of an example that the path needs of the stack, without what lies deeper: two buffers, and a copy of the
    /// input in evaluation.
    let stackCount: Int
  }

  private let join: Join
  private let paths: [Path]
  override var stackCount: Int { stack }
  private let stack: Int

  init(
    _ join: Join, _ resolved: ResolvedLayer, borderMode: PaddingMode, input: ImageLayout, output: ImageLayout,
    isFirst: Bool, _ planner: inout Planner
  ) {
    self.join = join
    var (paths, channel): ([Path], Int) = ([], 0)
    for layers in resolved.paths {
      let given = layers.last.map { Stage.layout(of: $0.output) } ?? input
      defer { channel += join == .channels ? given.channels : 0 }
      guard !layers.isEmpty else {
        // A part of the output's gradient is copied there.
        let part = join == .channels ? aligned(input.valueCount) : 0
        paths.append(Path(chain: nil, copy: nil, output: given, channel: channel, stackCount: part))
        continue
      }
      let chain = ModuleChain(layers, input: resolved.input, isFirst: isFirst, &planner)
      // Two that fill a border in different ways can't share it.
      let shares = chain.input == input && (input.isContiguous || chain.borderMode == borderMode)
      let copy = shares ? nil : planner.reserve(planner.batchSize * chain.input.exampleStride)
      paths.append(
        Path(
          chain: chain, copy: copy, output: given, channel: channel,
          stackCount: 2 * aligned(chain.largest) + (shares ? 0 : aligned(chain.input.exampleStride))))
    }
    self.paths = paths
    // A sum keeps the first path's output while the second runs.
    var (kept, most) = (0, 0)
    for path in paths {
      most = max(most, kept + path.stackCount + (path.chain?.stackCount ?? 0))
      if join == .sum { kept += path.stackCount }
    }
    stack = most
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { paths.contains { $0.chain?.lowestTrainable != nil } }

  override var partsInside: [(title: String, plan: String?)] { paths.flatMap { $0.chain?.parts ?? [] } }

  override var isFused: Bool { paths.contains { $0.chain?.isFused ?? false } }

  override var largestInside: Int { paths.reduce(0) { max($0, $1.chain?.largestOutput ?? 0) } }

  override func sources(input: Int?) -> [(layer: ResolvedLayer, module: Int?)] {
    paths.flatMap { $0.chain?.sources(input: input) ?? [] }
  }

  override func clearBorders(_ context: ModuleContext) {
    for path in paths {
      guard let chain = path.chain else { continue }
      if let copy = path.copy { clearPadding(chain.input, count: context.count, context.workspace + copy) }
      chain.clearBorders(context)
    }
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    var context = context
    var first: (layout: ImageLayout, values: UnsafeMutablePointer<Float>)?
    for path in paths {
      let given = (layout: path.output, values: path.chain.map { run($0, path, context, values) } ?? values)
      switch join {
      case .channels:
        copyChannels(
          path.output.channels, from: given.layout, at: 0, given.values, to: output, at: path.channel,
          count: context.count, into: result)
      case .sum:
        if let first {
          addImages(
            first.layout, first.values, given.layout, given.values, to: output, count: context.count, into: result)
        }
        first = given
        context.stack += context.count * path.stackCount
      }
    }
  }

  /// Runs a chain on the module's input.
  private func run(
    _ chain: ModuleChain, _ path: Path, _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    if context.isTraining {
      guard let copy = path.copy else { return chain.forward(context, values) }
      copyImages(from: input, values, to: chain.input, count: context.count, into: context.workspace + copy)
      return chain.forward(context, context.workspace + copy)
    }
    let (buffers, rest) = buffers(of: chain, context)
    var deeper = context
    deeper.stack += context.count * path.stackCount
    guard path.copy != nil else { return chain.evaluate(deeper, values, buffers: buffers) }
    clearPadding(chain.input, count: context.count, rest)
    copyImages(from: input, values, to: chain.input, count: context.count, into: rest)
    return chain.evaluate(deeper, rest, buffers: buffers)
  }

  /// Two buffers of the stack for a chain, and where the rest begins.
  private func buffers(
    of chain: ModuleChain, _ context: ModuleContext
  ) -> ((UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>), UnsafeMutablePointer<Float>) {
    let size = context.count * aligned(chain.largest)
    return ((context.stack, context.stack + size), context.stack + 2 * size)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    var sum = gradInput.map { GradientSum(input, $0) }
    differentiate(context, values, gradOutput, into: &sum)
  }

  /// Paths add to a sum that others of the layers around have begun, as they do where nothing lies between.
  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, free: UnsafeMutablePointer<Float>, into sum: inout GradientSum?
  ) {
    differentiate(context, values, gradOutput, into: &sum)
  }

  /// PyTorch hands on the gradient of what was joined to inputs that were passed on first, in their order, and runs the
  /// others from the last that was computed to the first.
  private func differentiate(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, _ gradOutput: UnsafeMutablePointer<Float>,
    into sum: inout GradientSum?
  ) {
    for path in paths where path.chain == nil {
      guard sum != nil else { break }
      switch join {
      case .sum: sum?.add(output, gradOutput, count: context.count)
      case .channels:
        let part = input.unpadded
        copyChannels(
          path.output.channels, from: output, at: path.channel, gradOutput, to: part, at: 0, count: context.count,
          into: context.stack)
        sum?.add(part, context.stack, count: context.count)
      }
    }
    for path in paths.reversed() {
      guard let chain = path.chain, sum != nil || chain.lowestTrainable != nil else { continue }
      let buffers = buffers(of: chain, context).0
      let target = chain.modules.count % 2 == 0 ? buffers.0 : buffers.1
      switch join {
      case .sum: copyImages(from: output, gradOutput, to: path.output, count: context.count, into: target)
      case .channels:
        copyChannels(
          path.output.channels, from: output, at: path.channel, gradOutput, to: path.output, at: 0,
          count: context.count, into: target)
      }
      var deeper = context
      deeper.stack += context.count * path.stackCount
      chain.backward(deeper, path.copy.map { context.workspace + $0 } ?? values, buffers: buffers, into: &sum)
    }
  }
}

extension ImageLayout {
  /// The same images without a border.
  fileprivate var unpadded: ImageLayout { ImageLayout(channels: channels, height: height, width: width) }
}

/// A nested layer that the network can compute.
protocol CompiledNestedLayer: CompiledLayer, NestedLayerKind {
  /// What becomes of the paths' outputs.
  var join: NestedModule.Join { get }
}

extension CompiledNestedLayer {
  var inputOrder: InputOrder { .images }

  /// That of the first path's first layer, which then reads the input where it lies.
  var border: Border { first?.border ?? .none }
  var borderMode: PaddingMode { first?.borderMode ?? .zeros }

  private var first: (any CompiledLayer)? { paths.first?.layers.first?.kind as? any CompiledLayer }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    NestedModule(join, resolved, borderMode: borderMode, input: input, output: output, isFirst: isFirst, &planner)
  }
}

extension Residual: CompiledNestedLayer {
  var join: NestedModule.Join { .sum }
}

extension Concat: CompiledNestedLayer {
  var join: NestedModule.Join { .channels }
}
