/// The patches of some windows as a matrix, over some of an image's channels.
///
/// A patch is the part of an image that one window of a convolution sees: `[kernel row][kernel column][channel]`. A
/// matrix with one row per patch (im2col) turns a convolution into a matrix product; adding the rows back to the pixels
/// that they came from (col2im) is its adjoint. Windows are counted row by row over the whole batch: window row r is row
/// r mod H' of example r / H'.
struct PatchMatrix {
  /// The image that the windows slide over.
  var image: ImageLayout
  var window: WindowGeometry
  /// The first of the channels that count.
  var firstChannel: Int
  /// The number of channels that count.
  var channels: Int
  /// Window rows per example.
  var windowRows: Int
  /// Windows per window row.
  var windowColumns: Int

  /// Writes the patches of the window rows `rows` one after another; values outside the stored image are zero.
  func im2col(_ rows: Range<Int>, from images: UnsafePointer<Float>, into patches: UnsafeMutablePointer<Float>) {
    var patch = patches
    walk(rows) { source, length in
      if source < 0 {
        patch.update(repeating: 0, count: length)
      } else {
        copy(images + source, to: patch, count: length)
      }
      patch += length
    }
  }

  /// Adds the patches of the window rows `rows` to the images; values outside the stored image are left out.
  func col2im(
    _ rows: Range<Int>, from patches: UnsafePointer<Float>, addingTo images: UnsafeMutablePointer<Float>
  ) {
    var patch = patches
    walk(rows) { target, length in
      if target >= 0 {
        let values = images + target
        for index in 0..<length { values[index] += patch[index] }
      }
      patch += length
    }
  }

  /// Calls `body` with the offset and the length of each run of neighbouring values of each patch, in order; the
  /// offset is negative where the run lies outside.
  @inline(__always)
  private func walk(_ rows: Range<Int>, _ body: (Int, Int) -> Void) {
    let (stride, rowStride) = (image.channels, image.rowStride)
    let storedRows = image.top + image.height + image.bottom
    let storedColumns = image.left + image.width + image.right
    let joined = window.dilationWidth == 1 && channels == image.channels
    let reach = (window.width - 1) * window.dilationWidth
    for row in rows {
      let (example, windowRow) = row.quotientAndRemainder(dividingBy: windowRows)
      let exampleStart = example * image.exampleStride + firstChannel
      let y0 = image.top + windowRow * window.strideHeight - window.paddingTop
      var x0 = image.left - window.paddingLeft
      for _ in 0..<windowColumns {
        for kernelRow in 0..<window.height {
          let y = y0 + kernelRow * window.dilationHeight
          guard y >= 0, y < storedRows else {
            body(-1, window.width * channels)
            continue
          }
          let start = exampleStart + y * rowStride
          if joined && x0 >= 0 && x0 + reach < storedColumns {
            body(start + x0 * stride, window.width * channels)
          } else {
            for kernelColumn in 0..<window.width {
              let x = x0 + kernelColumn * window.dilationWidth
              body(x >= 0 && x < storedColumns ? start + x * stride : -1, channels)
            }
          }
        }
        x0 += window.strideWidth
      }
    }
  }
}
