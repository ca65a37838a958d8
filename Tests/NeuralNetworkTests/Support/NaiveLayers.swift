import Architectures
import Foundation

/// Chains of layers in training mode, nested ones among them, as their definitions have them.
struct NaiveChain {
  let layers: [ResolvedLayer]
  let count: Int
  /// By the tensor's name.
  let parameters: [String: [Double]]

  func forward(_ x: [Double]) -> [Double] { run(layers.chain, x) }

  private func run(_ chain: [ResolvedLayer], _ x: [Double]) -> [Double] {
    var values = x
    for layer in chain {
      let outputs = layer.paths.map { run($0, values) }
      switch layer.layer.kind {
      case is Residual: values = zip(outputs[0], outputs[1]).map(+)
      case is Concat:
        values = []
        for example in 0..<count {
          for output in outputs {
            let size = output.count / count
            values += output[example * size..<(example + 1) * size]
          }
        }
      default:
        values = NaiveLayer(resolved: layer, count: count).forward(
          values, layer.parameters.map { parameters[$0.name] ?? [] })
      }
    }
    return values
  }
}

/// Layers in training mode as their definitions have them: plain loops in Double over `[N][C][H][W]`, nothing shared
/// with the engine.
struct NaiveLayer {
  let resolved: ResolvedLayer
  let count: Int

  private var input: Image { Image(resolved.input) }
  private var output: Image { Image(resolved.output) }

  /// A shape seen as channels, rows and columns.
  private struct Image {
    var (c, h, w) = (1, 1, 1)
    init(_ shape: Shape) {
      let sizes = shape.dimensions
      c = sizes.count < 4 ? sizes[0] : shape.count
      h = sizes.count == 3 ? sizes[1] : 1
      w = sizes.count == 3 ? sizes[2] : sizes.count == 2 ? sizes[1] : 1
    }
    func at(_ n: Int, _ channel: Int, _ y: Int, _ x: Int) -> Int { ((n * c + channel) * h + y) * w + x }
  }

  func forward(_ x: [Double], _ parameters: [[Double]]) -> [Double] {
    switch resolved.layer.kind {
    case let options as Linear: return linear(x, parameters, options)
    case let options as Convolution: return convolution(x, parameters, options)
    case let options as TransposedConvolution: return transposed(x, parameters, options)
    case let options as MaxPooling:
      return windows(
        options.kernelSize, options.stride, options.padding, options.dilation
      ) { values, _, _ in values.compactMap { $0 }.map { x[$0] }.max() ?? -.infinity }
    case let options as AveragePooling:
      return windows(options.kernelSize, options.stride, options.padding, Extent(1)) { values, inPadded, _ in
        let inside = values.compactMap { $0 }
        let divisor = options.divisorOverride ?? (options.countIncludePad ? inPadded : inside.count)
        return inside.isEmpty ? 0 : inside.reduce(0) { $0 + x[$1] } / Double(divisor)
      }
    case is AdaptiveAveragePooling: return adaptive(x) { $0.reduce(0, +) / Double($0.count) }
    case is AdaptiveMaxPooling: return adaptive(x) { $0.max() ?? .nan }
    case let options as ImagePadding:
      return pixels(x) { row, column in
        let mode: PaddingMode =
          switch options.fill {
          case .zero, .constant: .zeros
          case .reflection: .reflect
          case .replication: .replicate
          case .circular: .circular
          }
        guard let row = source(row - options.sides.top, input.h, mode),
          let column = source(column - options.sides.left, input.w, mode)
        else { return nil }
        return (row, column)
      }.map { $0 ?? (options.fill == .constant ? options.value : 0) }
    case is Upsample:
      return pixels(x) { row, column in (row * input.h / output.h, column * input.w / output.w) }.compactMap { $0 }
    case let options as Subsample:
      let before = (output.c - input.c) / 2
      return (0..<count * resolved.output.count).map { index in
        let (channel, pixel) = (index / output.h / output.w % output.c - before, index % (output.h * output.w))
        guard (0..<input.c).contains(channel) else { return 0 }
        let (row, column) = (pixel / output.w * options.stride.height, pixel % output.w * options.stride.width)
        return x[input.at(index / resolved.output.count, channel, row, column)]
      }
    case let options as LocalResponseNorm:
      return x.indices.map { index in
        let pixels = input.h * input.w
        let channel = index / pixels % input.c
        let window = (channel - options.size / 2...channel + (options.size - 1) / 2).filter {
          (0..<input.c).contains($0)
        }
        let squares = window.map { x[index + ($0 - channel) * pixels] }.reduce(0) { $0 + $1 * $1 }
        return x[index] / pow(options.k + options.alpha * squares / Double(options.size), options.beta)
      }
    case let options as BatchNorm: return batchNorm(x, parameters, options)
    case let options as GroupNorm:
      let perGroup = input.c / options.groups
      return grouped(x, parameters, eps: options.eps) { place in (place.c / perGroup, place.c) }
    case let options as InstanceNorm: return grouped(x, parameters, eps: options.eps) { ($0.c, $0.c) }
    case let options as LayerNorm:
      let size = options.normalizedShape.reduce(1, *)
      return grouped(x, parameters, eps: options.eps) { ($0.index / size, $0.index % size) }
    case is Dropout, is Flatten, is Unflatten: return x
    case let activation as Activation: return x.map { apply(activation, $0) }
    case let options as PReLU:
      return x.enumerated().map { index, x in
        let channel = index / (input.h * input.w) % input.c
        return x > 0 ? x : x * parameters[0][options.parameterCount == 1 ? 0 : channel]
      }
    case is LogSoftmax: return logSoftmax(x)
    case is Softmax: return logSoftmax(x).map(exp)
    default: preconditionFailure("\(resolved.title) has no naive reference")
    }
  }

  private func apply(_ activation: Activation, _ x: Double) -> Double {
    switch activation.function {
    case .relu: max(x, 0)
    case .leakyReLU: x > 0 ? x : activation.values[0] * x
    case .elu: x > 0 ? x : activation.values[0] * (exp(x) - 1)
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .gelu:
      activation.values[0] == 0
        ? x * 0.5 * erfc(-x / 2.0.squareRoot())
        : 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .silu: x / (1 + exp(-x))
    case .softplus:
      x * activation.values[0] > activation.values[1] ? x : log1p(exp(x * activation.values[0])) / activation.values[0]
    case .hardswish: x * min(max(x + 3, 0), 6) / 6
    case .mish: x * tanh(log1p(exp(x)))
    case .selu: 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (exp(x) - 1))
    case .hardtanh: min(max(x, activation.values[0]), activation.values[1])
    case .relu6: min(max(x, 0), 6)
    }
  }

  private func linear(_ x: [Double], _ parameters: [[Double]], _ options: Linear) -> [Double] {
    let inputs = resolved.input.count
    return (0..<count * options.outFeatures).map { index in
      let (n, o) = index.quotientAndRemainder(dividingBy: options.outFeatures)
      return (0..<inputs).reduce(options.bias ? parameters[1][o] : 0) {
        $0 + x[n * inputs + $1] * parameters[0][o * inputs + $1]
      }
    }
  }

  /// Where an index outside of `0..<size` reads from; `nil` is a zero.
  private func source(_ index: Int, _ size: Int, _ mode: PaddingMode) -> Int? {
    if index >= 0 && index < size { return index }
    switch mode {
    case .zeros: return nil
    case .reflect: return index < 0 ? -index : 2 * size - 2 - index
    case .replicate: return index < 0 ? 0 : size - 1
    case .circular: return (index + size) % size
    }
  }

  private func convolution(_ x: [Double], _ parameters: [[Double]], _ options: Convolution) -> [Double] {
    let (input, output, kernel, border) = (input, output, options.kernelSize, options.border)
    let (perGroup, outPerGroup) = (input.c / options.groups, output.c / options.groups)
    var y = [Double](repeating: 0, count: count * resolved.output.count)
    for n in 0..<count {
      for o in 0..<output.c {
        for row in 0..<output.h {
          for column in 0..<output.w {
            var sum = options.bias ? parameters[1][o] : 0
            for i in 0..<perGroup {
              for ky in 0..<kernel.height {
                for kx in 0..<kernel.width {
                  guard
                    let sy = source(
                      row * options.stride.height - border.top + ky * options.dilation.height, input.h,
                      options.paddingMode),
                    let sx = source(
                      column * options.stride.width - border.left + kx * options.dilation.width, input.w,
                      options.paddingMode)
                  else { continue }
                  let weight = parameters[0][((o * perGroup + i) * kernel.height + ky) * kernel.width + kx]
                  sum += weight * x[input.at(n, o / outPerGroup * perGroup + i, sy, sx)]
                }
              }
            }
            y[output.at(n, o, row, column)] = sum
          }
        }
      }
    }
    return y
  }

  private func transposed(_ x: [Double], _ parameters: [[Double]], _ options: TransposedConvolution) -> [Double] {
    let (input, output, kernel) = (input, output, options.kernelSize)
    let (perGroup, outPerGroup) = (input.c / options.groups, output.c / options.groups)
    var y = [Double](repeating: 0, count: count * resolved.output.count)
    for n in 0..<count {
      for i in 0..<input.c {
        for row in 0..<input.h {
          for column in 0..<input.w {
            for o in 0..<outPerGroup {
              for ky in 0..<kernel.height {
                for kx in 0..<kernel.width {
                  let ty = row * options.stride.height - options.padding.height + ky * options.dilation.height
                  let tx = column * options.stride.width - options.padding.width + kx * options.dilation.width
                  guard ty >= 0, ty < output.h, tx >= 0, tx < output.w else { continue }
                  let weight = parameters[0][((i * outPerGroup + o) * kernel.height + ky) * kernel.width + kx]
                  y[output.at(n, i / perGroup * outPerGroup + o, ty, tx)] += weight * x[input.at(n, i, row, column)]
                }
              }
            }
          }
        }
      }
      if options.bias {
        for o in 0..<output.c {
          for pixel in 0..<output.h * output.w { y[output.at(n, o, 0, pixel)] += parameters[1][o] }
        }
      }
    }
    return y
  }

  /// Calls `value` with the indices of each window (`nil` outside the image) and how many lie within the padding.
  private func windows(
    _ kernel: Extent, _ stride: Extent, _ padding: Extent, _ dilation: Extent,
    _ value: ([Int?], Int, Int) -> Double
  ) -> [Double] {
    let (input, output) = (input, output)
    var y = [Double](repeating: 0, count: count * resolved.output.count)
    for n in 0..<count {
      for c in 0..<output.c {
        for row in 0..<output.h {
          for column in 0..<output.w {
            var (indices, padded): ([Int?], Int) = ([], 0)
            for ky in 0..<kernel.height {
              for kx in 0..<kernel.width {
                let sy = row * stride.height - padding.height + ky * dilation.height
                let sx = column * stride.width - padding.width + kx * dilation.width
                if sy < input.h + padding.height && sx < input.w + padding.width { padded += 1 }
                let inside = sy >= 0 && sy < input.h && sx >= 0 && sx < input.w
                indices.append(inside ? input.at(n, c, sy, sx) : nil)
              }
            }
            y[output.at(n, c, row, column)] = value(indices, padded, n)
          }
        }
      }
    }
    return y
  }

  /// The pixels of the input that the output shows, channel by channel; `nil` where it shows none.
  private func pixels(_ x: [Double], _ source: (_ row: Int, _ column: Int) -> (row: Int, column: Int)?) -> [Double?] {
    let (input, output) = (input, output)
    return (0..<count * output.c).flatMap { image in
      (0..<output.h * output.w).map { pixel in
        source(pixel / output.w, pixel % output.w).map { x[(image * input.h + $0.row) * input.w + $0.column] }
      }
    }
  }

  private func adaptive(_ x: [Double], _ value: ([Double]) -> Double) -> [Double] {
    let (input, output) = (input, output)
    func bounds(_ index: Int, _ size: Int, _ windows: Int) -> ClosedRange<Int> {
      let first = Int((Double(index * size) / Double(windows)).rounded(.down))
      return first...Int((Double((index + 1) * size) / Double(windows)).rounded(.up)) - 1
    }
    var y = [Double](repeating: 0, count: count * resolved.output.count)
    for n in 0..<count {
      for c in 0..<output.c {
        for row in 0..<output.h {
          for column in 0..<output.w {
            let (rows, columns) = (bounds(row, input.h, output.h), bounds(column, input.w, output.w))
            let window = rows.flatMap { sy in columns.map { x[input.at(n, c, sy, $0)] } }
            y[output.at(n, c, row, column)] = value(window)
          }
        }
      }
    }
    return y
  }

  private func batchNorm(_ x: [Double], _ parameters: [[Double]], _ options: BatchNorm) -> [Double] {
    let input = input
    var y = x
    for c in 0..<input.c {
      let places = (0..<count).flatMap { n in (0..<input.h * input.w).map { input.at(n, c, 0, $0) } }
      let mean = places.reduce(0) { $0 + x[$1] } / Double(places.count)
      let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(places.count)
      for place in places {
        y[place] = (x[place] - mean) / (variance + options.eps).squareRoot()
        if options.affine { y[place] = y[place] * parameters[0][c] + parameters[1][c] }
      }
    }
    return y
  }

  /// Normalises each example's values that have a group in common, then scales and shifts each by its own parameters.
  private func grouped(
    _ x: [Double], _ parameters: [[Double]], eps: Double,
    _ role: ((index: Int, c: Int)) -> (group: Int, parameter: Int)
  ) -> [Double] {
    let (size, pixels) = (resolved.input.count, input.h * input.w)
    var y = x
    for n in 0..<count {
      let places = Dictionary(grouping: 0..<size) { role(($0, $0 / pixels)).group }
      for group in places.values {
        let mean = group.reduce(0) { $0 + x[n * size + $1] } / Double(group.count)
        let variance =
          group.reduce(0) { $0 + (x[n * size + $1] - mean) * (x[n * size + $1] - mean) } / Double(group.count)
        for index in group {
          let parameter = role((index, index / pixels)).parameter
          y[n * size + index] = (x[n * size + index] - mean) / (variance + eps).squareRoot()
          if let weight = parameters.first { y[n * size + index] *= weight[parameter] }
          if parameters.count > 1 { y[n * size + index] += parameters[1][parameter] }
        }
      }
    }
    return y
  }

  private func logSoftmax(_ x: [Double]) -> [Double] {
    let input = input
    var y = x
    for n in 0..<count {
      for pixel in 0..<input.h * input.w {
        let places = (0..<input.c).map { input.at(n, $0, 0, pixel) }
        let logSum = log(places.reduce(0) { $0 + exp(x[$1]) })
        for place in places { y[place] = x[place] - logSum }
      }
    }
    return y
  }
}
