import Architectures
import Foundation

extension WorkImage {
  /// Makes the image larger or smaller, as `torch.nn.functional.interpolate` does.
  func resize(height: Int, width: Int, _ interpolation: Interpolation, antialias: Bool) {
    if height == shape.height && width == shape.width { return }
    let columns = Taps.all(from: shape.width, to: width, interpolation, antialias)
    let rows = Taps.all(from: shape.height, to: height, interpolation, antialias)
    let old = shape
    // Rows first become shorter or longer, then their number changes.
    var wide = [Float](repeating: 0, count: old.channels * old.height * width)
    for row in 0..<old.channels * old.height {
      for (x, taps) in columns.enumerated() { wide[row * width + x] = taps.sum(values + row * old.width, stride: 1) }
    }
    wide.withUnsafeBufferPointer { wide in
      guard let start = wide.baseAddress else { return }
      for channel in 0..<old.channels {
        for (y, taps) in rows.enumerated() {
          for x in 0..<width {
            write(
              taps.sum(start + channel * old.height * width + x, stride: width), at: (channel * height + y) * width + x)
          }
        }
      }
    }
    finish(height: height, width: width)
  }

  /// Shows, at each pixel, what the image has where a matrix sends it.
  ///
  /// - Parameters:
  ///   - matrix: two rows of three numbers, for places counted from the image's middle.
  ///   - fill: what stands where the image does not reach.
  func warp(_ matrix: [Double], _ interpolation: Interpolation, fill: ChannelValues) {
    let (height, width) = (shape.height, shape.width)
    let (halfWidth, halfHeight) = (0.5 * Float(width), 0.5 * Float(height))
    let (a, b, c) = (Float(matrix[0]) / halfWidth, Float(matrix[1]) / halfWidth, Float(matrix[2]) / halfWidth)
    let (d, e, f) = (Float(matrix[3]) / halfHeight, Float(matrix[4]) / halfHeight, Float(matrix[5]) / halfHeight)
    for y in 0..<height {
      for x in 0..<width {
        let (across, down) = (Float(x) + 0.5 - halfWidth, Float(y) + 0.5 - halfHeight)
        let column = ((across * a + down * b + c + 1) * Float(width) - 1) / 2
        let row = ((across * d + down * e + f + 1) * Float(height) - 1) / 2
        show(row: row, column: column, interpolation, fill, at: y * width + x)
      }
    }
    finish(height: height, width: width)
  }

  private func show(row: Float, column: Float, _ interpolation: Interpolation, _ fill: ChannelValues, at index: Int) {
    let (height, width, plane) = (shape.height, shape.width, shape.height * shape.width)
    func isInside(_ y: Int, _ x: Int) -> Bool { y >= 0 && y < height && x >= 0 && x < width }
    switch interpolation {
    case .nearest:
      let (y, x) = (Int(row.rounded(.toNearestOrEven)), Int(column.rounded(.toNearestOrEven)))
      for channel in 0..<shape.channels {
        write(isInside(y, x) ? values[channel * plane + y * width + x] : fill[channel], at: channel * plane + index)
      }
    case .bilinear:
      let (top, left) = (row.rounded(.down), column.rounded(.down))
      let (lower, right) = (row - top, column - left)
      // Up to four pixels and their shares; no array, since each pixel of each image comes here.
      let (y, x) = (Int(top), Int(left))
      let corners = SIMD4((1 - lower) * (1 - right), (1 - lower) * right, lower * (1 - right), lower * right)
      var (places, shares, count) = (SIMD4<Int>.zero, SIMD4<Float>.zero, 0)
      for corner in 0..<4 where isInside(y + corner / 2, x + corner % 2) {
        places[count] = (y + corner / 2) * width + x + corner % 2
        shares[count] = corners[corner]
        count += 1
      }
      var mask: Float = 0
      for corner in 0..<count { mask += shares[corner] }
      for channel in 0..<shape.channels {
        var sample: Float = 0
        for corner in 0..<count { sample += values[channel * plane + places[corner]] * shares[corner] }
        // torchvision weighs the sample by the mask once more.
        write(sample * mask + (1 - mask) * fill[channel], at: channel * plane + index)
      }
    }
  }
}

/// The pixels of a row or column that one pixel of another size is made of.
private struct Taps {
  let first: Int
  let weights: [Float]

  func sum(_ values: UnsafePointer<Float>, stride: Int) -> Float {
    var sum: Float = 0
    for (index, weight) in weights.enumerated() { sum += values[(first + index) * stride] * weight }
    return sum
  }

  /// As PyTorch's upsample_nearest, upsample_bilinear and _upsample_bilinear_aa have them, for `align_corners=False`.
  static func all(from input: Int, to output: Int, _ interpolation: Interpolation, _ antialias: Bool) -> [Taps] {
    let scale = Float(input) / Float(output)
    return (0..<output).map { place in
      switch (interpolation, antialias) {
      case (.nearest, _): return Taps(first: min(Int(Float(place) * scale), input - 1), weights: [1])
      case (.bilinear, false):
        let source = max(0, scale * (Float(place) + 0.5) - 0.5)
        let first = min(Int(source), input - 1)
        let share = min(source - Float(first), 1)
        return first + 1 < input ? Taps(first: first, weights: [1 - share, share]) : Taps(first: first, weights: [1])
      case (.bilinear, true):
        let (support, inverse) = (max(scale, 1), scale >= 1 ? 1 / scale : 1)
        let center = scale * (Float(place) + 0.5)
        let first = max(Int(center - support + 0.5), 0)
        let last = min(Int(center + support + 0.5), input)
        let shares = (first..<last).map { max(0, 1 - abs((Float($0) - center + 0.5) * inverse)) }
        let total = shares.reduce(0, +)
        return Taps(first: first, weights: shares.map { $0 / total })
      }
    }
  }
}

extension Resize: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    guard let size = try? output(of: image.shape) else { return }
    image.resize(height: size.height, width: size.width, interpolation, antialias: antialias)
  }
}

extension RandomResizedCrop: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    let piece = piece(of: image.shape, draws)
    image.window(
      Margins(0), .constant, fill: 0, top: piece.top, left: piece.left, height: piece.height, width: piece.width)
    image.resize(height: size.height, width: size.width, interpolation, antialias: antialias)
  }

  private func piece(
    of image: ImageShape, _ draws: any TransformDraws
  ) -> (top: Int, left: Int, height: Int, width: Int) {
    let area = RandomArea(
      scale: (smallestScale, largestScale), ratio: (smallestRatio, largestRatio), of: image.height * image.width)
    for _ in 0..<RandomArea.attempts {
      let (width, height) = area.sides(draws)
      guard width > 0, width <= image.width, height > 0, height <= image.height else { continue }
      return (draws.below(image.height - height + 1), draws.below(image.width - width + 1), height, width)
    }
    // The middle, as wide or as high as the ratios allow.
    func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
    let ratio = Double(image.width) / Double(image.height)
    var (height, width) = (image.height, image.width)
    if ratio < smallestRatio {
      height = rounded(Double(width) / smallestRatio)
    } else if ratio > largestRatio {
      width = rounded(Double(height) * largestRatio)
    }
    return ((image.height - height) / 2, (image.width - width) / 2, height, width)
  }
}

extension RandomRotation: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    let range = degrees.values(around: 0)
    let angle = Double(draws.uniform(from: Float(range[0]), to: Float(range[1])))
    let map = AffineMap(angle: -angle, center: center ?? [], image.shape)
    image.warp(map.inverse, interpolation, fill: fill)
  }
}

extension RandomAffine: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    func draw(_ low: Double, _ high: Double) -> Double { Double(draws.uniform(from: Float(low), to: Float(high))) }
    let angles = degrees.values(around: 0)
    var map = AffineMap(angle: draw(angles[0], angles[1]), center: center ?? [], image.shape)
    if let translate {
      let (across, down) = (translate[0] * Double(image.shape.width), translate[1] * Double(image.shape.height))
      map.across = draw(-across, across).rounded(.toNearestOrEven)
      map.down = draw(-down, down).rounded(.toNearestOrEven)
    }
    if let scale { map.scale = draw(scale[0], scale[1]) }
    if let shear = shear?.values(around: 0) {
      map.shearRows = draw(shear[0], shear[1])
      if shear.count == 4 { map.shearColumns = draw(shear[2], shear[3]) }
    }
    image.warp(map.inverse, interpolation, fill: fill)
  }
}

/// A map of the plane: sheared, scaled, turned about a center, then moved.
private struct AffineMap {
  let angle: Double
  var (across, down) = (0.0, 0.0)
  var scale = 1.0
  var (shearRows, shearColumns) = (0.0, 0.0)
  /// The place that stays, from the image's middle.
  private let center: (x: Double, y: Double)

  init(angle: Double, center: [Double], _ image: ImageShape) {
    self.angle = angle
    self.center =
      center.isEmpty
      ? (0, 0) : (center[0] - Double(image.width) * 0.5, center[1] - Double(image.height) * 0.5)
  }

  /// torchvision's `_get_inverse_affine_matrix`.
  var inverse: [Double] {
    func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
    let (turn, sx, sy) = (radians(angle), radians(shearRows), radians(shearColumns))
    let a = cos(turn - sy) / cos(sy)
    let b = -cos(turn - sy) * tan(sx) / cos(sy) - sin(turn)
    let c = sin(turn - sy) / cos(sy)
    let d = -sin(turn - sy) * tan(sx) / cos(sy) + cos(turn)
    var matrix = [d, -b, 0, -c, a, 0].map { $0 / scale }
    matrix[2] += matrix[0] * (-center.x - across) + matrix[1] * (-center.y - down) + center.x
    matrix[5] += matrix[3] * (-center.x - across) + matrix[4] * (-center.y - down) + center.y
    return matrix
  }
}
