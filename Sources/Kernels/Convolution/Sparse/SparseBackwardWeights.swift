// What the places that had a say in a pooling add to the gradients (PooledBackward.swift), listed by mark, and the kernels
// arranged for that.

/// What a window with a certain mark adds to a sum: no, one or two terms.
struct MarkTerms {
  var count: Int32 = 0
  /// Floats from the window's origin to the first term's block.
  var first: Int32 = 0
  /// The same of the second term.
  var second: Int32 = 0

  /// The places of a 2 × 2 window where a mean's mark has a bit, as few variants.
  static func ofMean(_ mark: Int, offset: (_ variant: Int, _ place: Int) -> Int) -> MarkTerms {
    func one(_ variant: Int, _ place: Int) -> MarkTerms {
      MarkTerms(count: 1, first: Int32(offset(variant, place)))
    }
    func two(_ variant: Int, _ place: Int, _ other: Int, _ otherPlace: Int) -> MarkTerms {
      var terms = one(variant, place)
      (terms.count, terms.second) = (2, Int32(offset(other, otherPlace)))
      return terms
    }
    switch mark {
    case 1: return one(0, 0)
    case 2: return one(0, 1)
    case 3: return one(1, 0)
    case 4: return one(0, 2)
    case 5: return one(2, 0)
    case 6: return two(0, 1, 0, 2)
    case 7: return two(1, 0, 0, 2)
    case 8: return one(0, 3)
    case 9: return two(0, 0, 0, 3)
    case 10: return one(2, 1)
    case 11: return two(1, 0, 0, 3)
    case 12: return one(1, 2)
    case 13: return two(0, 0, 1, 2)
    case 14: return two(0, 1, 1, 2)
    case 15: return one(3, 0)
    default: return MarkTerms()
    }
  }
}

/// Kernels with zeros around them, so that a tile may look past the kernel's edge: `[variant][output channel][row]
/// [column][input channel]`.
struct PooledWeights {
  let convolution: DirectConvolution
  /// Input rows and columns that a window advances: the size of a tile.
  let tileHeight: Int
  let tileWidth: Int
  /// How many windows up and to the left still reach a tile.
  let reachUp: Int
  let reachLeft: Int
  /// Rows and columns of zeros above and to the left of the kernel.
  let top: Int
  let left: Int
  let rows: Int
  /// Floats from a row to the next, from a channel's kernel to the next, and from a variant to the next.
  let rowStride: Int
  let kernelStride: Int
  let variantStride: Int
  let variants: Int

  init(_ convolution: DirectConvolution) {
    self.convolution = convolution
    let window = convolution.geometry.window
    (tileHeight, tileWidth) =
      (convolution.poolHeight * window.strideHeight, convolution.poolWidth * window.strideWidth)
    top = (convolution.poolHeight - 1) * window.strideHeight
    left = (convolution.poolWidth - 1) * window.strideWidth
    reachUp = (top + window.height - 1) / tileHeight
    reachLeft = (left + window.width - 1) / tileWidth
    rows = top + tileHeight * (reachUp + 1)
    let channels = convolution.geometry.input.channels
    rowStride = (left + tileWidth * (reachLeft + 1)) * channels
    kernelStride = rows * rowStride
    variantStride = convolution.output.channels * kernelStride
    variants = convolution.pooling == .average ? 4 : 1
  }

  /// Floats of all variants; the last block may be read past its end.
  var count: Int { variants * variantStride + 8 }

  func pack(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let (window, channels) = (convolution.geometry.window, convolution.geometry.input.channels)
    packed.update(repeating: 0, count: count)
    let run = window.width * channels
    for channel in 0..<convolution.output.channels {
      let kernel = packed + channel * kernelStride + top * rowStride + left * channels
      for row in 0..<window.height {
        (kernel + row * rowStride).update(from: weight + (channel * window.height + row) * run, count: run)
      }
    }
    guard variants == 4 else { return }
    // The neighbour's kernel lies one output pixel further, so its weights for the same input lie one before.
    let (beside, above) = (window.strideWidth * channels, window.strideHeight * rowStride)
    let (sideBySide, oneAbove, four) = (packed + variantStride, packed + 2 * variantStride, packed + 3 * variantStride)
    for channel in 0..<convolution.output.channels {
      for index in channel * kernelStride..<(channel + 1) * kernelStride {
        let inner = index - channel * kernelStride
        sideBySide[index] = packed[index] + (inner < beside ? 0 : packed[index - beside])
        oneAbove[index] = packed[index] + (inner < above ? 0 : packed[index - above])
        four[index] = sideBySide[index] + (inner < above ? 0 : sideBySide[index - above])
      }
    }
  }

  /// Floats from a variant's channel and window to the block of the tile above and to the left of nothing: what the
  /// tile's own position is added to.
  func offset(variant: Int, place: Int) -> Int {
    let (row, column) = place.quotientAndRemainder(dividingBy: convolution.poolWidth)
    let window = convolution.geometry.window
    return variant * variantStride + (top - row * window.strideHeight) * rowStride
      + (left - column * window.strideWidth) * convolution.geometry.input.channels
  }
}
