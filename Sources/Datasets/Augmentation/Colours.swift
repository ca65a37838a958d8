import Architectures
import Foundation

extension ColorJitter: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    let order = draws.permutation(4)
    let factors = changes.map { $0.map { draws.uniform(from: Float($0.low), to: Float($0.high)) } }
    for index in order {
      guard let factor = factors[Int(index)] else { continue }
      switch index {
      case 0: image.blend(factor, with: { _ in 0 })
      case 1:
        let mean = image.meanGrey
        image.blend(factor, with: { _ in mean })
      case 2 where image.shape.channels == 3: image.blend(factor, with: image.grey)
      case 3 where image.shape.channels == 3: image.turnHue(by: factor)
      default: break
      }
    }
  }
}

extension WorkImage {
  fileprivate var meanGrey: Float { (0..<plane).reduce(0) { $0 + grey($1) } / Float(plane) }

  /// So much of the image, and the rest of something else, within 0 and 1; `other` gives a pixel's value.
  fileprivate func blend(_ factor: Float, with other: (Int) -> Float) {
    let rest = Float(1 - Double(factor))
    for pixel in 0..<plane {
      let value = rest * other(pixel)
      for channel in 0..<shape.channels {
        let index = channel * plane + pixel
        values[index] = min(max(factor * values[index] + value, 0), 1)
      }
    }
  }

  /// Turns the colours by a share of the circle: to hue, saturation and value and back.
  fileprivate func turnHue(by share: Float) {
    for pixel in 0..<plane {
      let (r, g, b) = (values[pixel], values[plane + pixel], values[2 * plane + pixel])
      let (high, low) = (max(r, g, b), min(r, g, b))
      let range = high - low
      let saturation = range / (high == low ? 1 : high)
      let divisor = high == low ? 1 : range
      let (rc, gc, bc) = ((high - r) / divisor, (high - g) / divisor, (high - b) / divisor)
      let sector: Float = high == r ? bc - gc : high == g ? 2 + rc - bc : 4 + gc - rc
      var hue = fmodf(sector / 6 + 1, 1) + share
      hue -= floorf(hue)
      let place = floorf(hue * 6)
      let part = hue * 6 - place
      func clamped(_ value: Float) -> Float { min(max(value, 0), 1) }
      let p = clamped(high * (1 - saturation))
      let q = clamped(high * (1 - saturation * part))
      let t = clamped(high * (1 - saturation * (1 - part)))
      let colours = [(high, t, p), (q, high, p), (p, high, t), (p, q, high), (t, p, high), (high, p, q)]
      (values[pixel], values[plane + pixel], values[2 * plane + pixel]) = colours[Int(place) % 6]
    }
  }
}
