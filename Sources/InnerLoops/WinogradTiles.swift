// The transforms of Winograd's algorithm for a row of tiles; WinogradConvolution.swift and WinogradWeightGradient.swift
// in Kernels say what they are for. The same operations per channel for both widths of vectors, and so the same bits.
//
// A vector of eight may pass the last channel. So a row is readable, and each point of a target writable, up to seven
// floats past its end; what lies there of a target is the next tile's or row's, and rows come in order, so that it is
// written later.

/// Transforms the inputs of a row of tiles: eight pixels become eight points.
///
/// - Parameters:
///   - row: `[pixels][channels]`; no pixel from `pixels` on counts, zeros stand for them.
///   - advance: pixels from a tile's first to the next one's.
///   - target: `[tiles][channels]` of each point; points are `pointStride` floats apart.
package func transformInputs(
  _ row: UnsafePointer<Float>, pixels: Int, channels: Int, tiles: Int, advance: Int,
  into target: UnsafeMutablePointer<Float>, pointStride: Int
) {
  for tile in 0..<tiles {
    InputTile(
      pixels: row + tile * advance * channels, count: min(8, pixels - tile * advance), channels: channels,
      target: target + tile * channels, pointStride: pointStride
    ).compute(channels: channels)
  }
}

/// Transforms the output's gradients of a row of tiles, as weights would be: up to six pixels become eight points.
///
/// - Parameters:
///   - row: `[pixels][channels]`; no pixel from `pixels` on counts, zeros stand for them.
///   - taps: weights of a kernel's row; a tile has `9 − taps` pixels.
///   - target: `[tiles][channels]` of each point; points are `pointStride` floats apart.
package func transformGradients(
  _ row: UnsafePointer<Float>, pixels: Int, channels: Int, tiles: Int, taps: Int,
  into target: UnsafeMutablePointer<Float>, pointStride: Int
) {
  let advance = 9 - taps
  for tile in 0..<tiles {
    GradientTile(
      pixels: row + tile * advance * channels, count: min(advance, pixels - tile * advance), channels: channels,
      taps: taps, target: target + tile * channels, pointStride: pointStride
    ).compute(channels: channels)
  }
}

/// Combines the products of a row of tiles to its sums.
///
/// - Parameters:
///   - products: `[tiles][lanes]` of each point; points are `pointStride` floats apart.
///   - lanes: a multiple of eight.
///   - outputs: sums of a tile, 4 or 6.
///   - sums: `[columns][lanes]`.
package func combineProducts(
  _ products: UnsafePointer<Float>, pointStride: Int, lanes: Int, tiles: Int, outputs: Int, columns: Int,
  into sums: UnsafeMutablePointer<Float>
) {
  for tile in 0..<tiles {
    ProductTile(
      products: products + tile * lanes, pointStride: pointStride, lanes: lanes, outputs: outputs,
      count: min(outputs, columns - tile * outputs), sums: sums + tile * outputs * lanes
    ).compute(channels: lanes)
  }
}

/// What is computed of a tile for a vector of channels.
private protocol Tile {
  func compute<V: SIMD>(_: V.Type, at channel: Int) where V.Scalar == Float
}

extension Tile {
  /// Computes all channels, with the widest vectors that they fill.
  @inline(__always)
  func compute(channels: Int) {
    var channel = 0
    #if WIDE_VECTORS
      while channel + 16 <= channels {
        compute(SIMD16<Float>.self, at: channel)
        channel += 16
      }
    #endif
    while channel < channels {
      compute(SIMD8<Float>.self, at: channel)
      channel += 8
    }
  }
}

private struct InputTile: Tile {
  let pixels: UnsafePointer<Float>
  let count: Int
  let channels: Int
  let target: UnsafeMutablePointer<Float>
  let pointStride: Int

  @inline(__always)
  func compute<V: SIMD>(_: V.Type, at channel: Int) where V.Scalar == Float {
    // A whole tile's count is known to the compiler.
    if count == 8 { compute(V.self, 8, at: channel) } else { compute(V.self, count, at: channel) }
  }

  @inline(__always)
  private func compute<V: SIMD>(_: V.Type, _ count: Int, at channel: Int) where V.Scalar == Float {
    func pixel(_ index: Int) -> V { index < count ? load(pixels + index * channels + channel) : .zero }
    func store(_ value: V, _ point: Int) { write(value, target + point * pointStride + channel) }
    let (d0, d1, d2, d3) = (pixel(0), pixel(1), pixel(2), pixel(3))
    let (d4, d5, d6, d7) = (pixel(4), pixel(5), pixel(6), pixel(7))
    store((d6 - d0).addingProduct(5.25, d2 - d4), 0)
    let (even, odd) = ((d2 + d6).addingProduct(-4.25, d4), (d1 + d5).addingProduct(-4.25, d3))
    store(even + odd, 1)
    store(even - odd, 2)
    let evenTwo = d6.addingProduct(0.25, d2).addingProduct(-1.25, d4)
    let oddTwo = (d1 * 0.5).addingProduct(-2.5, d3).addingProduct(2, d5)
    store(evenTwo + oddTwo, 3)
    store(evenTwo - oddTwo, 4)
    let evenHalf = d6.addingProduct(4, d2).addingProduct(-5, d4)
    let oddHalf = (d1 * 2).addingProduct(-2.5, d3).addingProduct(0.5, d5)
    store(evenHalf + oddHalf, 5)
    store(evenHalf - oddHalf, 6)
    store((d7 - d1).addingProduct(5.25, d3 - d5), 7)
  }
}

private struct GradientTile: Tile {
  let pixels: UnsafePointer<Float>
  let count: Int
  let channels: Int
  let taps: Int
  let target: UnsafeMutablePointer<Float>
  let pointStride: Int

  @inline(__always)
  func compute<V: SIMD>(_: V.Type, at channel: Int) where V.Scalar == Float {
    switch count {  // a whole tile's is known to the compiler
    case 6: compute(V.self, 6, at: channel)
    case 4: compute(V.self, 4, at: channel)
    default: compute(V.self, count, at: channel)
    }
  }

  @inline(__always)
  private func compute<V: SIMD>(_: V.Type, _ count: Int, at channel: Int) where V.Scalar == Float {
    func pixel(_ index: Int) -> V { index < count ? load(pixels + index * channels + channel) : .zero }
    func store(_ value: V, _ point: Int) { write(value, target + point * pointStride + channel) }
    let (g0, g1, g2, g3, g4, g5) = (pixel(0), pixel(1), pixel(2), pixel(3), pixel(4), pixel(5))
    let (even, odd) = (g0 + g2 + g4, g1 + g3 + g5)
    let evenTwo = g0.addingProduct(4, g2).addingProduct(16, g4)
    let oddTwo = (g1 * 2).addingProduct(8, g3).addingProduct(32, g5)
    let evenHalf = (g0 * 16).addingProduct(4, g2) + g4
    let oddHalf = (g1 * 8).addingProduct(2, g3).addingProduct(0.5, g5)
    store(-g0, 0)
    store((even + odd) * (-2.0 / 9), 1)
    store((even - odd) * (-2.0 / 9), 2)
    store((evenTwo + oddTwo) * (1.0 / 90), 3)
    store((evenTwo - oddTwo) * (1.0 / 90), 4)
    store((evenHalf + oddHalf) * (2.0 / 45), 5)
    store((evenHalf - oddHalf) * (2.0 / 45), 6)
    store(taps == 3 ? g5 : g3, 7)
  }
}

private struct ProductTile: Tile {
  let products: UnsafePointer<Float>
  let pointStride: Int
  let lanes: Int
  let outputs: Int
  let count: Int
  let sums: UnsafeMutablePointer<Float>

  @inline(__always)
  func compute<V: SIMD>(_: V.Type, at lane: Int) where V.Scalar == Float {
    func product(_ point: Int) -> V { load(products + point * pointStride + lane) }
    func store(_ value: V, _ index: Int) {
      if index < count { write(value, sums + index * lanes + lane) }
    }
    let (one, oneOdd) = (product(1) + product(2), product(1) - product(2))
    let (two, twoOdd) = (product(3) + product(4), product(3) - product(4))
    let (half, halfOdd) = (product(5) + product(6), product(5) - product(6))
    store(product(0) + one + two + half, 0)
    store(oneOdd.addingProduct(2, twoOdd).addingProduct(0.5, halfOdd), 1)
    store(one.addingProduct(4, two).addingProduct(0.25, half), 2)
    if outputs == 4 {
      store((oneOdd + product(7)).addingProduct(8, twoOdd).addingProduct(0.125, halfOdd), 3)
    } else {
      store(oneOdd.addingProduct(8, twoOdd).addingProduct(0.125, halfOdd), 3)
      store(one.addingProduct(16, two).addingProduct(1.0 / 16, half), 4)
      store((oneOdd + product(7)).addingProduct(32, twoOdd).addingProduct(1.0 / 32, halfOdd), 5)
    }
  }
}

@inline(__always)
private func load<V: SIMD>(_ pointer: UnsafePointer<Float>) -> V where V.Scalar == Float {
  UnsafeRawPointer(pointer).loadUnaligned(as: V.self)
}

@inline(__always)
private func write<V: SIMD>(_ value: V, _ pointer: UnsafeMutablePointer<Float>) where V.Scalar == Float {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: V.self)
}
