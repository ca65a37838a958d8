import Architectures
import Kernels

/// A compiled layer: as thin as one call of a kernel forward and one backward.
///
/// Modules hold shapes and offsets; all memory is the network's and comes with the call.
class Module {
  /// The images that go in.
  let input: ImageLayout
  /// The images that come out.
  let output: ImageLayout

  init(input: ImageLayout, output: ImageLayout) { (self.input, self.output) = (input, output) }

  /// Whether the optimizer changes something here.
  var isTrainable: Bool { false }

  /// The algorithms that were planned, in words; `nil` where there is no choice.
  var plan: String? { nil }

  /// Computes the output of `context.count` images.
  func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    preconditionFailure("a module computes something")
  }

  /// Computes the gradients of the parameters and, where it is asked for, of the input.
  ///
  /// `values` and `result` are what the forward pass took and gave.
  func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    preconditionFailure("a module has a gradient")
  }

  /// As ``backward(_:_:result:gradOutput:gradInput:)``, where the input has other takers too: adds the input's gradient
  /// to theirs.
  ///
  /// - Parameter free: room for the gradient of the input.
  func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, free: UnsafeMutablePointer<Float>, into sum: inout GradientSum?
  ) {
    sum?.add(input, count: context.count, free: free) {
      backward(context, values, result: result, gradOutput: gradOutput, gradInput: $0)
    }
  }

  // MARK: Modules inside

  /// What the modules inside compute, and by which algorithms; a module by itself has none.
  var partsInside: [(title: String, plan: String?)] { [] }

  /// Whether one of them computes several layers at once.
  var isFused: Bool { false }

  /// Floats of an example in the largest output inside.
  var largestInside: Int { 0 }

  /// Floats of an example that it needs of the stack while it runs.
  var stackCount: Int { 0 }

  /// Sets the borders of the tensors inside to zero, as training keeps them.
  func clearBorders(_ context: ModuleContext) {}

  /// The layers inside, each with the number of the module whose output is the layer's; `input` where that is what goes
  /// into this one.
  func sources(input: Int?) -> [(layer: ResolvedLayer, module: Int?)] { [] }
}

extension UnsafeMutablePointer<Float> {
  /// Memory for `2 · count + 2` floats as memory for `count` doubles.
  func doubles(_ count: Int) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(self).alignedUp(for: Double.self).bindMemory(to: Double.self, capacity: count)
  }
}

extension Module {
  /// Calls with where pixels that lie side by side begin, in the input and in the output, and how many they are:
  /// either may have padding around its images.
  func forEachPixelRun(_ context: ModuleContext, _ body: (_ input: Int, _ output: Int, _ pixels: Int) -> Void) {
    if input.isContiguous, output.isContiguous { return body(0, 0, context.count * input.height * input.width) }
    for example in 0..<context.count {
      for row in 0..<input.height {
        body(
          example * input.exampleStride + input.origin + row * input.rowStride,
          example * output.exampleStride + output.origin + row * output.rowStride, input.width)
      }
    }
  }
}
