import Glibc

/// A normalisation over neighbouring channels, `y_c = x_c · s_c^(−beta)` with `s_c = k + alpha / size · Σ x²` over the
/// channels `c − size / 2 ... c + (size − 1) / 2`, divisions rounded down.
package struct LocalResponse: Hashable, Sendable {
  let size: Int
  let alpha: Double
  let beta: Double
  let k: Double

  /// Creates the rule of a local response normalisation.
  package init(size: Int, alpha: Double, beta: Double, k: Double) {
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  /// Normalises `pixels` runs of `channels` values.
  package func forward(
    pixels: Int, channels: Int, _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    for pixel in 0..<pixels {
      let (x, y) = (values + pixel * channels, result + pixel * channels)
      for channel in 0..<channels { y[channel] = Float(Double(x[channel]) * pow(sum(x, channel, channels), -beta)) }
    }
  }

  /// The gradient, `g_j · s_j^(−beta) − 2 · alpha · beta / size · x_j · Σ g_c · x_c · s_c^(−beta − 1)` over the channels c
  /// in whose window j lies.
  ///
  /// - Parameter scratch: memory for `2 · channels` values.
  package func backward(
    pixels: Int, channels: Int, _ values: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Double>
  ) {
    let (powers, products) = (scratch, scratch + channels)
    for pixel in 0..<pixels {
      let (x, g, d) = (values + pixel * channels, gradOutput + pixel * channels, gradInput + pixel * channels)
      for channel in 0..<channels {
        let sum = sum(x, channel, channels)
        powers[channel] = Double(g[channel]) * pow(sum, -beta)
        products[channel] = powers[channel] * Double(x[channel]) / sum
      }
      for channel in 0..<channels {
        var total = 0.0
        for other in max(channel - (size - 1) / 2, 0)..<min(channel + size / 2 + 1, channels) {
          total += products[other]
        }
        d[channel] = Float(powers[channel] - 2 * alpha * beta / Double(size) * Double(x[channel]) * total)
      }
    }
  }

  @inline(__always)
  private func sum(_ x: UnsafePointer<Float>, _ channel: Int, _ channels: Int) -> Double {
    var squares = 0.0
    for other in max(channel - size / 2, 0)..<min(channel + (size - 1) / 2 + 1, channels) {
      squares += Double(x[other]) * Double(x[other])
    }
    return k + alpha / Double(size) * squares
  }
}
