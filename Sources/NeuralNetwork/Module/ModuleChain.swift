import Architectures
import Kernels

/// Modules that compute one after another: a network's own, or those of a path of a nested layer.
///
/// In training every module's output has a place of its own in the workspace; gradients, and outputs in evaluation,
/// alternate between two buffers that come with the call.
final class ModuleChain {
  let modules: [Module]
  /// The numbers of the modules among all of the network, in the order in which they give their outputs.
  let numbers: [Int]
  /// Whether some module computes several layers at once, here or inside a nested layer.
  let isFused: Bool
  /// The lowest module with something to train; what lies below gets no gradient unless the input does.
  let lowestTrainable: Int?
  /// How the first module wants the border of its input filled.
  let borderMode: PaddingMode
  /// Floats of an example in the largest tensor, the input's among them.
  let largest: Int
  /// The layers, and for each the number of modules that have run when its output is there, unless the chain is fused.
  private let layers: [(layer: ResolvedLayer, modulesDone: Int)]
  /// Where each module's output lies in the workspace during training.
  private let outputOffsets: [Int]

  /// - Parameters:
  ///   - input: the shape that goes in, whose values lie in that shape's own order.
  ///   - isFirst: whether the input is the network's own.
  init(_ layers: [ResolvedLayer], input: Shape, isFirst: Bool, _ planner: inout Planner) {
    let plain = Stage.stages(of: layers, input: input)
    let stages = planner.fuses ? Stage.fused(plain) : plain
    let borders = stages.map(\.border) + [.none]
    var (modules, numbers): ([Module], [Int]) = ([], [])
    for (index, stage) in stages.enumerated() {
      modules.append(
        stage.module(
          input: stage.input.padded(by: borders[index]), output: stage.output.padded(by: borders[index + 1]),
          isFirst: isFirst && index == 0, &planner))
      numbers.append(planner.takeModuleNumber())
    }
    self.layers = layers.map { layer in
      let last = stages.lastIndex { ($0.resolved?.index ?? -1) <= layer.index && $0.resolved != nil }
      return (layer, last.map { $0 + 1 } ?? 0)
    }
    (self.modules, self.numbers) = (modules, numbers)
    isFused = stages.count < plain.count || modules.contains(where: \.isFused)
    lowestTrainable = modules.firstIndex(where: \.isTrainable)
    borderMode = stages[0].resolved?.compiled.borderMode ?? .zeros
    largest = modules.reduce(modules[0].input.exampleStride) { max($0, $1.output.exampleStride) }
    outputOffsets = modules.map { planner.reserve(planner.batchSize * $0.output.exampleStride) }
  }

  /// The layout that the first module reads.
  var input: ImageLayout { modules[0].input }

  /// The layout that the last module writes.
  var output: ImageLayout { modules[modules.count - 1].output }

  /// Floats of an example in the largest output, those inside nested layers among them.
  var largestOutput: Int { modules.reduce(0) { max($0, $1.output.exampleStride, $1.largestInside) } }

  /// Floats of an example that the modules need of the stack.
  var stackCount: Int { modules.reduce(0) { max($0, $1.stackCount) } }

  /// Where the output of the module with this index lies during training.
  func tensor(_ index: Int, _ context: ModuleContext) -> UnsafeMutablePointer<Float> {
    context.workspace + outputOffsets[index]
  }

  /// Runs a training batch; what it returns is the last module's output.
  func forward(_ context: ModuleContext, _ values: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    var current = values
    for index in modules.indices {
      let next = tensor(index, context)
      modules[index].forward(context, current, into: next)
      context.profile?.end(.forward(numbers[index]))
      current = next
    }
    return current
  }

  /// Runs a batch in evaluation, in two buffers for ``largest`` values of each example; what it returns is one of them.
  func evaluate(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>,
    buffers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) -> UnsafeMutablePointer<Float> {
    var current = values
    for index in modules.indices {
      let module = modules[index]
      let next = index % 2 == 0 ? buffers.0 : buffers.1
      clearPadding(module.output, count: context.count, next)
      module.forward(context, current, into: next)
      context.observe?(numbers[index], module.output, next)
      current = next
    }
    return current
  }

  /// Computes the gradients of the parameters, and adds that of the input to `sum` where there is one.
  ///
  /// - Parameters:
  ///   - values: what the forward pass took.
  ///   - buffers: two for ``largest`` values of each example; the output's gradient is in the second
  ///     where the number of modules is odd, otherwise in the first.
  func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>,
    buffers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>), into sum: inout GradientSum?
  ) {
    guard let lowest = sum == nil ? lowestTrainable : 0 else { return }
    func gradient(_ index: Int) -> UnsafeMutablePointer<Float> { index % 2 == 0 ? buffers.0 : buffers.1 }
    for index in stride(from: modules.count - 1, through: lowest, by: -1) {
      let module = modules[index]
      let input = index == 0 ? values : tensor(index - 1, context)
      let (result, gradOutput) = (tensor(index, context), gradient(index + 1))
      if index > 0 || sum == nil {
        module.backward(
          context, input, result: result, gradOutput: gradOutput, gradInput: index > lowest ? gradient(index) : nil)
      } else {
        module.backward(context, input, result: result, gradOutput: gradOutput, free: gradient(0), into: &sum)
      }
      context.profile?.end(.backward(numbers[index]))
    }
  }

  /// Sets the borders of all tensors to zero, as training keeps them.
  func clearBorders(_ context: ModuleContext) {
    for (index, module) in modules.enumerated() {
      clearPadding(module.output, count: context.count, tensor(index, context))
      module.clearBorders(context)
    }
  }

  // MARK: What people see

  /// The modules in the order of their numbers: what each computes, and the algorithms that were planned for it.
  var parts: [(title: String, plan: String?)] {
    modules.indices.flatMap { index in
      let titles = layers.filter { $0.modulesDone == index + 1 && $0.layer.compiled.inputOrder != .untouched }
      let title = titles.isEmpty ? "reorder" : titles.map(\.layer.title).joined(separator: " + ")
      return modules[index].partsInside + [(title, modules[index].plan)]
    }
  }

  /// Every layer, those inside a nested one before it, with the number of the module whose output is the layer's;
  /// `input` where it is what goes into the chain.
  func sources(input: Int?) -> [(layer: ResolvedLayer, module: Int?)] {
    layers.flatMap { layer, done -> [(layer: ResolvedLayer, module: Int?)] in
      let own = done == 0 ? input : numbers[done - 1]
      let inside = layer.paths.isEmpty ? [] : modules[done - 1].sources(input: done > 1 ? numbers[done - 2] : input)
      return inside + [(layer, own)]
    }
  }
}
