import Foundation
import Presentation

/// A colour as red, green and blue in [0, 1].
struct Color: Sendable, Hashable {
  var red: Double
  var green: Double
  var blue: Double

  init(red: Double, green: Double, blue: Double) { (self.red, self.green, self.blue) = (red, green, blue) }

  /// Reads `#rrggbb`.
  init(_ text: String) {
    let value = UInt32(text.dropFirst(), radix: 16) ?? 0
    self.init(
      red: Double(value >> 16 & 255) / 255, green: Double(value >> 8 & 255) / 255, blue: Double(value & 255) / 255)
  }

  /// `#rrggbb`
  var text: String {
    let value = [red, green, blue].reduce(0) { $0 << 8 | Int(($1 * 255).rounded()) }
    return "#" + hexadecimal(value, bytes: 3)
  }

  /// This colour with a share of another.
  func mixed(with other: Color, share: Double) -> Color {
    Color(
      red: red + (other.red - red) * share, green: green + (other.green - green) * share,
      blue: blue + (other.blue - blue) * share)
  }

  /// Whether white stands out from it more than black does: the contrast ratios are equal at a luminance of 0.179.
  ///
  /// Source: WCAG 2.2, relative luminance.
  var isDark: Bool {
    func linear(_ part: Double) -> Double { part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) < 0.179
  }

  /// From dark violet to yellow, even for colour-blind readers: viridis, by Smith & van der Walt 2015.
  static func heat(_ share: Double) -> Color {
    let stops = ["#440154", "#443983", "#31688e", "#21918c", "#35b779", "#90d743", "#fde725"].map { Color($0) }
    let place = min(1, max(0, share)) * Double(stops.count - 1)
    let below = min(stops.count - 2, Int(place))
    return stops[below].mixed(with: stops[below + 1], share: place - Double(below))
  }
}
