import Architectures
import Kernels

/// A step from one tensor in memory to the next: a layer that computes, or a copy into another order.
///
/// Flattening and unflattening are not stages where the memory stays as it is. Inside, the values of an image lie
/// channels-last, and so do those of a vector that was flattened from one: the layers that care about a vector's
/// order are a fully connected one, which stores its weights in that order instead, and those that get a copy.
struct Stage {
  /// What computes; `nil` copies.
  var resolved: ResolvedLayer?
  /// What goes in and what comes out, without borders.
  var input: ImageLayout
  var output: ImageLayout
  /// Layers behind this one that its kernel computes along with it.
  var followers: [ResolvedLayer] = []

  /// The stages of a chain, in order.
  static func stages(of layers: [ResolvedLayer], input: Shape) -> [Stage] {
    var stages: [Stage] = []
    var current = layout(of: input)
    func show(_ target: ImageLayout, copying: Bool = false) {
      // The network's input keeps its own shape: images are gathered into it, and a reconstruction is compared with it.
      if copying || !target.hasOrder(of: current) || (stages.isEmpty && target != current) {
        stages.append(Stage(resolved: nil, input: current, output: target))
      }
      current = target
    }
    var shape = input
    for resolved in layers {
      let order = resolved.compiled.inputOrder
      let output = order == .untouched ? current : layout(of: resolved.output)
      switch order {
      case .untouched: break
      case .reshaped: show(output)
      case .rows:
        stages.append(Stage(resolved: resolved, input: current, output: output))
        current = output
      case .values:
        stages.append(Stage(resolved: resolved, input: current, output: current))
      case .channels:
        show(channelLayout(of: resolved.input))
        stages.append(Stage(resolved: resolved, input: current, output: current))
      case .images:
        show(layout(of: resolved.input))
        if let last = stages.last, last.output != current || last.givesRows, resolved.compiled.border != .none {
          show(current, copying: true)
        }
        stages.append(Stage(resolved: resolved, input: current, output: output))
        current = output
      }
      shape = resolved.output
    }
    show(layout(of: shape), copying: stages.isEmpty)
    return stages
  }

  /// A shape as an image without border: `[C, H, W]`, `[C, L]` as one row, anything else as a vector.
  static func layout(of shape: Shape) -> ImageLayout {
    let sizes = shape.dimensions
    switch sizes.count {
    case 3: return ImageLayout(channels: sizes[0], height: sizes[1], width: sizes[2])
    case 2: return ImageLayout(channels: sizes[0], width: sizes[1])
    default: return ImageLayout(channels: shape.count)
    }
  }

  /// A shape of any rank as channels, its first dimension, and pixels.
  private static func channelLayout(of shape: Shape) -> ImageLayout {
    guard shape.rank > 3 else { return layout(of: shape) }
    return ImageLayout(channels: shape.dimensions[0], width: shape.dimensions.dropFirst().reduce(1, *))
  }

  /// Whether the stage gives rows of values, around which no border can lie.
  private var givesRows: Bool { resolved?.compiled.inputOrder == .rows }

  /// The border that the stage wants stored around its input.
  var border: Border { resolved?.compiled.border ?? .none }

  /// The module that computes this stage.
  func module(input: ImageLayout, output: ImageLayout, isFirst: Bool, _ planner: inout Planner) -> Module {
    guard let resolved else { return ReorderModule(input: input, output: output) }
    return resolved.compiled.module(self, resolved, input: input, output: output, isFirst: isFirst, &planner)
  }
}

extension ImageLayout {
  /// Whether the values lie in the order in which people count them.
  private var isPlain: Bool { channels == 1 || height * width == 1 }

  /// Whether two layouts without borders put values that people count alike in the same places.
  func hasOrder(of other: ImageLayout) -> Bool {
    let sameImage = (channels, height, width) == (other.channels, other.height, other.width)
    return valueCount == other.valueCount && (sameImage || (isPlain && other.isPlain))
  }

  /// The same images with a border stored around them.
  func padded(by border: Border) -> ImageLayout {
    ImageLayout(
      channels: channels, height: height, width: width, top: border.top, left: border.left, bottom: border.bottom,
      right: border.right)
  }
}
