import Architectures

/// One image between its file and the network: values in the order `[C, H, W]`, and room for what it becomes.
final class WorkImage {
  private(set) var shape: ImageShape
  /// The values.
  private(set) var values: UnsafeMutablePointer<Float>
  private var spare: UnsafeMutablePointer<Float>

  /// - Parameter capacity: values of the largest image that it becomes.
  init(_ shape: ImageShape, capacity: Int) {
    self.shape = shape
    values = .allocate(capacity: capacity)
    spare = .allocate(capacity: capacity)
  }

  deinit {
    values.deallocate()
    spare.deallocate()
  }

  /// Begins anew with an image of this shape, whose values are then written.
  func begin(_ shape: ImageShape) { self.shape = shape }

  /// Shows a part of the padded image.
  ///
  /// - Parameters:
  ///   - margins: what is added around the image, filled by `mode`.
  ///   - top, left: where the part begins in the padded image.
  func window(
    _ margins: Margins, _ mode: BorderMode, fill: Float, top: Int, left: Int, height: Int, width: Int
  ) {
    let old = shape
    // Columns of the part that the image itself shows.
    let first = min(max(0, margins.left - left), width)
    let last = max(first, min(width, margins.left + old.width - left))
    for channel in 0..<old.channels {
      for y in 0..<height {
        let target = spare + (channel * height + y) * width
        guard let row = mode.source(of: y + top - margins.top, size: old.height) else {
          target.update(repeating: fill, count: width)
          continue
        }
        let source = values + (channel * old.height + row) * old.width
        (target + first).update(from: source + (first + left - margins.left), count: last - first)
        for edge in [0..<first, last..<width] where !edge.isEmpty {
          if mode == .constant {
            (target + edge.lowerBound).update(repeating: fill, count: edge.count)
          } else {
            for x in edge {
              if let column = mode.source(of: x + left - margins.left, size: old.width) { target[x] = source[column] }
            }
          }
        }
      }
    }
    finish(height: height, width: width)
  }

  /// Shows the whole padded image.
  func pad(_ margins: Margins, _ mode: BorderMode, fill: Float) {
    let padded = margins.around(shape)
    window(margins, mode, fill: fill, top: 0, left: 0, height: padded.height, width: padded.width)
  }

  /// Writes a value of the image that is made next to this one, and shown by ``finish(height:width:)``.
  func write(_ value: Float, at index: Int) { spare[index] = value }

  /// Shows the image that was written.
  func finish(height: Int, width: Int) {
    (shape.height, shape.width) = (height, width)
    swap(&values, &spare)
  }

  /// Mirrors left and right.
  func mirrorColumns() {
    for row in 0..<shape.channels * shape.height {
      var (low, high) = (values + row * shape.width, values + (row + 1) * shape.width - 1)
      while low < high {
        (low.pointee, high.pointee) = (high.pointee, low.pointee)
        (low, high) = (low + 1, high - 1)
      }
    }
  }

  /// Mirrors top and bottom.
  func mirrorRows() {
    for row in 0..<shape.channels * shape.height {
      let (channel, y) = row.quotientAndRemainder(dividingBy: shape.height)
      let source = values + (channel * shape.height + shape.height - 1 - y) * shape.width
      (spare + row * shape.width).update(from: source, count: shape.width)
    }
    swap(&values, &spare)
  }

  /// Sets a rectangle; `value` is asked for the channel and the index in the channel's rectangle.
  func set(top: Int, left: Int, height: Int, width: Int, _ value: (_ channel: Int, _ index: Int) -> Float) {
    for channel in 0..<shape.channels {
      for y in 0..<height {
        let row = values + (channel * shape.height + top + y) * shape.width + left
        for x in 0..<width { row[x] = value(channel, y * width + x) }
      }
    }
  }

  /// Values of a channel.
  var plane: Int { shape.height * shape.width }

  /// The grey value of a pixel.
  func grey(_ pixel: Int) -> Float {
    shape.channels == 3
      ? 0.2989 * values[pixel] + 0.587 * values[plane + pixel] + 0.114 * values[2 * plane + pixel] : values[pixel]
  }

  /// Takes the colours away.
  ///
  /// - Parameter channels: how many equal channels there are then.
  func makeGrey(channels: Int) {
    if shape.channels == 3 {
      for pixel in 0..<plane { spare[pixel] = grey(pixel) }
      for copy in 1..<max(channels, 1) { (spare + copy * plane).update(from: spare, count: plane) }
      swap(&values, &spare)
    }
    shape.channels = channels
  }
}
