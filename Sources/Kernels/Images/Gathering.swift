/// Gathers images from bytes into a padded, channels-last batch, whose padding is left alone.
///
/// - Parameters:
///   - images: images in the order `[channels][height][width]`, one after another.
///   - table: the value of each byte: 256 values for each of `tableChannels` equally large parts of an image.
///   - indices: the images to take, in the batch's order.
package func gatherBytes(
  _ layout: ImageLayout, images: UnsafePointer<UInt8>, table: UnsafePointer<Float>, tableChannels: Int,
  indices: UnsafePointer<Int32>, count: Int, into batch: UnsafeMutablePointer<Float>
) {
  let (channels, height, width) = (layout.channels, layout.height, layout.width)
  let partSize = layout.valueCount / tableChannels
  for example in 0..<count {
    let image = images + Int(indices[example]) * layout.valueCount
    for y in 0..<height {
      let row = batch + example * layout.exampleStride + layout.origin + y * layout.rowStride
      for channel in 0..<channels {
        let start = (channel * height + y) * width
        let (source, values) = (image + start, table + start / partSize * 256)
        if channels == 1 {
          widen(source, values, count: width, into: row)
        } else {
          for x in 0..<width { row[x * channels + channel] = values[Int(source[x])] }
        }
      }
    }
  }
}

/// Looks bytes up, eight at a time where all are zero, as most of a handwritten digit's are.
@inline(__always)
private func widen(
  _ bytes: UnsafePointer<UInt8>, _ table: UnsafePointer<Float>, count: Int, into values: UnsafeMutablePointer<Float>
) {
  let background = Float8(repeating: table[0])
  var index = 0
  while index + 8 <= count {
    if UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self) == 0 {
      store8(background, to: values + index)
    } else {
      for place in index..<index + 8 { values[place] = table[Int(bytes[place])] }
    }
    index += 8
  }
  while index < count {
    values[index] = table[Int(bytes[index])]
    index += 1
  }
}

/// Gathers images of floats into a padded, channels-last batch; parameters as for bytes.
package func gatherFloats(
  _ layout: ImageLayout, images: UnsafePointer<Float>, indices: UnsafePointer<Int32>, count: Int,
  into batch: UnsafeMutablePointer<Float>
) {
  let (channels, height, width) = (layout.channels, layout.height, layout.width)
  for example in 0..<count {
    let image = images + Int(indices[example]) * layout.valueCount
    for y in 0..<height {
      let row = batch + example * layout.exampleStride + layout.origin + y * layout.rowStride
      for channel in 0..<channels {
        let source = image + (channel * height + y) * width
        for x in 0..<width { row[x * channels + channel] = source[x] }
      }
    }
  }
}

/// Writes a batch out in the order `[N][channels][height][width]`.
package func unpack(
  _ layout: ImageLayout, count: Int, _ batch: UnsafePointer<Float>, into values: UnsafeMutablePointer<Float>
) {
  let (channels, height, width) = (layout.channels, layout.height, layout.width)
  for example in 0..<count {
    for channel in 0..<channels {
      for y in 0..<height {
        let row = batch + example * layout.exampleStride + layout.origin + y * layout.rowStride + channel
        let target = values + ((example * channels + channel) * height + y) * width
        for x in 0..<width { target[x] = row[x * channels] }
      }
    }
  }
}

/// Copies a batch from one layout to another whose values, counted as `[channels][height][width]`, are the same.
package func reorder(
  from source: ImageLayout, _ values: UnsafePointer<Float>, to target: ImageLayout, count: Int,
  into result: UnsafeMutablePointer<Float>
) {
  for index in 0..<source.valueCount {
    let (from, to) = (source.position(of: index), target.position(of: index))
    for example in 0..<count {
      result[example * target.exampleStride + to] = values[example * source.exampleStride + from]
    }
  }
}

/// Copies the values inside the padding from one layout to another of the same images.
package func copyImages(
  from source: ImageLayout, _ values: UnsafePointer<Float>, to target: ImageLayout, count: Int,
  into result: UnsafeMutablePointer<Float>
) {
  forEachRun(count, source, target) { copy(values + $0, to: result + $1, count: $2) }
}
