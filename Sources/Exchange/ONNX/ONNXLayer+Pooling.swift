import Architectures

/// The windows of a pooling along one side, all of them named, so that no runtime has to round a size up.
struct ONNXWindows {
  let input: Int
  let output: Int
  let kernel: Int
  let stride: Int
  /// What lies before the input.
  let padding: Int
  var dilation = 1

  /// What lies behind the input so that there are as many windows as are needed and none is cut.
  var behind: Int { max(0, (output - 1) * stride + dilation * (kernel - 1) + 1 - input - padding) }

  /// The number of values that an average is over, for each window.
  ///
  /// - Parameter countsPadding: whether the padding counts, of which what `ceil_mode` adds beyond it is not a part.
  func counts(countsPadding: Bool) -> [Int] {
    (0..<output).map { window in
      let start = window * stride - padding
      let end = min(start + kernel, input + padding)
      return countsPadding ? end - start : min(end, input) - max(start, 0)
    }
  }

  /// The windows of each side of a layer, outermost first.
  static func all(
    _ layer: ONNXPlace, _ rank: SpatialRank, kernel: Extent, stride: Extent, padding: Extent,
    dilation: Extent = Extent(1)
  ) -> [ONNXWindows] {
    let (kernel, stride) = (kernel.sides(rank), stride.sides(rank))
    let (padding, dilation) = (padding.sides(rank), dilation.sides(rank))
    return kernel.indices.map {
      ONNXWindows(
        input: layer.input[$0 + 1], output: layer.output[$0 + 1], kernel: kernel[$0], stride: stride[$0],
        padding: padding[$0], dilation: dilation[$0])
    }
  }
}

extension [ONNXWindows] {
  /// `kernel_shape` and `strides`.
  fileprivate var attributes: [(name: String, value: ONNXAttribute)] {
    [("kernel_shape", .integers(map(\.kernel))), ("strides", .integers(map(\.stride)))]
  }

  /// The padding as a border.
  fileprivate var border: Border {
    let (rows, columns) = (count == 2 ? self[0] : nil, self[count - 1])
    return Border(
      top: rows?.padding ?? 0, left: columns.padding, bottom: rows?.behind ?? 0, right: columns.behind)
  }

  /// Windows that lie side by side and give a size that divides the input's; `nil` where it does not.
  fileprivate init?(dividing layer: ONNXPlace) {
    self = zip(layer.input, layer.output).dropFirst().map { input, output in
      ONNXWindows(input: input, output: output, kernel: input / output, stride: input / output, padding: 0)
    }
    guard allSatisfy({ $0.input % $0.output == 0 }) else { return nil }
  }
}

extension MaxPooling: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    let windows = ONNXWindows.all(
      layer, rank, kernel: kernelSize, stride: stride, padding: padding, dilation: dilation)
    // A runtime may refuse a padding as large as a window.
    let value = graph.pad(input, layer.input, windows.border, .constant(-.infinity))
    return graph.add("MaxPool", [value], windows.attributes + [("dilations", .integers(windows.map(\.dilation)))])
  }
}

extension AveragePooling: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    let windows = ONNXWindows.all(layer, rank, kernel: kernelSize, stride: stride, padding: padding)
    let value = graph.pad(input, layer.input, windows.border, .constant(0))
    let means = graph.add("AveragePool", [value], windows.attributes)
    // The zeros count in these means; where they should not, or something else is to be divided by, that is made good.
    let sizes = windows.map { window in window.counts(countsPadding: countIncludePad) }
    let all = Double(windows.reduce(1) { $0 * $1.kernel })
    var counts = sizes[0]
    for columns in sizes.dropFirst() { counts = counts.flatMap { row in columns.map { row * $0 } } }
    let factors = counts.map { all / Double(divisorOverride ?? $0) }
    guard factors.contains(where: { $0 != 1 }) else { return means }
    let shape = Array(layer.output.dropFirst())
    return graph.add("Mul", [means, graph.constant(.floats(factors.map { Float($0) }, shape: shape))])
  }
}

extension AdaptiveAveragePooling: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    if let windows = [ONNXWindows](dividing: layer) { return graph.add("AveragePool", [input], windows.attributes) }
    // Means over unequal windows are products with a matrix of shares, from the right for columns, from the left for rows.
    var value = input
    for axis in (1..<layer.input.count).reversed() where layer.input[axis] != layer.output[axis] {
      let (size, count, isLast) = (layer.input[axis], layer.output[axis], axis == layer.input.count - 1)
      var shares = [Float](repeating: 0, count: size * count)
      for (index, window) in AdaptiveWindows.ranges(input: size, output: count).enumerated() {
        for place in window { shares[isLast ? place * count + index : index * size + place] = 1 / Float(window.count) }
      }
      let matrix = graph.constant(.floats(shares, shape: isLast ? [size, count] : [count, size]))
      value = graph.add("MatMul", isLast ? [value, matrix] : [matrix, value])
    }
    return value
  }
}

extension AdaptiveMaxPooling: ONNXLayer {
  func add(to graph: inout ONNXGraph, _ layer: ONNXPlace, _ input: String) -> String {
    if let windows = [ONNXWindows](dividing: layer) { return graph.add("MaxPool", [input], windows.attributes) }
    var value = input
    for axis in 1..<layer.input.count where layer.input[axis] != layer.output[axis] {
      let windows = AdaptiveWindows.ranges(input: layer.input[axis], output: layer.output[axis])
      // All windows as long as the longest, whose last value may come twice: the axis becomes windows and their values.
      let longest = windows.map(\.count).max() ?? 1
      let places = windows.flatMap { window in (0..<longest).map { min(window.lowerBound + $0, window.upperBound - 1) }
      }
      let picked = graph.add("Gather", [value, graph.integers(places)], [("axis", .integer(axis + 1))])
      var shape = layer.input
      for earlier in 1..<axis { shape[earlier] = layer.output[earlier] }
      let split = Array(shape[..<axis]) + [windows.count, longest] + shape[(axis + 1)...]
      value = graph.add(
        "ReduceMax", [graph.reshape(picked, to: split)], [("axes", .integers([axis + 2])), ("keepdims", .integer(0))])
    }
    return value
  }
}
