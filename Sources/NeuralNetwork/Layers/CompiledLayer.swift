import Architectures
import Kernels

/// A described layer that the network can compute. The conformance lies with the layer's module.
protocol CompiledLayer: LayerKind {
  /// How the layer takes the values of its input in memory.
  var inputOrder: InputOrder { get }

  /// The border that the layer wants stored around its input; by default none.
  var border: Border { get }

  /// How that border is filled; by default with zeros.
  var borderMode: PaddingMode { get }

  /// The module that computes the layer; one of a layer that computes nothing is never asked for.
  ///
  /// - Parameters:
  ///   - stage: the layer in its place, and the layers that are to be computed along with it.
  ///   - isFirst: whether the input is the network's own.
  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module
}

extension CompiledLayer {
  /// None.
  var border: Border { .none }

  /// Zeros.
  var borderMode: PaddingMode { .zeros }
}

/// How a layer takes the values of its input in memory, and in which order it gives its output.
enum InputOrder {
  /// Computes nothing: the values stay where they are.
  case untouched
  /// Computes nothing: the values are put into the order of the output's shape.
  case reshaped
  /// In any order; gives rows of values, around which no border can lie.
  case rows
  /// Each value by itself, in any order, which the output keeps.
  case values
  /// Channels and pixels: the first dimension of the input, and all others.
  case channels
  /// As the images of the input's shape.
  case images
}

extension ResolvedLayer {
  /// The layer as the network computes it.
  var compiled: any CompiledLayer {
    guard let compiled = layer.kind as? any CompiledLayer else {
      preconditionFailure("no module computes \(title): \(type(of: layer.kind)) is not a CompiledLayer")
    }
    return compiled
  }
}

extension Flatten: CompiledLayer {
  var inputOrder: InputOrder { .untouched }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module { preconditionFailure("\(resolved.title) computes nothing") }
}

extension Unflatten: CompiledLayer {
  var inputOrder: InputOrder { .reshaped }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module { preconditionFailure("\(resolved.title) computes nothing") }
}
