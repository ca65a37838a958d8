/// A page of pixels to draw on; what lies beyond its edges is left out.
struct Canvas {
  let width: Int
  let height: Int
  private(set) var rgb: [UInt8]

  /// A colour of the page.
  struct Colour {
    let red, green, blue: UInt8

    static let ink = Colour(red: 0x24, green: 0x29, blue: 0x2f)
    static let pale = Colour(red: 0x8a, green: 0x93, blue: 0x9c)
  }

  /// A white page.
  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    rgb = [UInt8](repeating: 255, count: width * height * 3)
  }

  /// Draws a picture, each of its pixels `scale.x` wide and `scale.y` high.
  mutating func draw(_ picture: Picture, x: Int, y: Int, scale: (x: Int, y: Int)) {
    for row in 0..<picture.height {
      for column in 0..<picture.width {
        let start = (row * picture.width + column) * 3
        let colour = Colour(red: picture.rgb[start], green: picture.rgb[start + 1], blue: picture.rgb[start + 2])
        fill(x: x + column * scale.x, y: y + row * scale.y, width: scale.x, height: scale.y, colour)
      }
    }
  }

  /// Draws a line of text whose upper left corner is given, each of its dots `dot` wide and high.
  mutating func draw(_ text: String, x: Int, y: Int, dot: Int, colour: Colour) {
    for (index, column) in BitmapFont.columns(of: text).enumerated() {
      for row in 0..<8 where column >> row & 1 == 1 {
        fill(x: x + index * dot, y: y + row * dot, width: dot, height: dot, colour)
      }
    }
  }

  private mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
    let columns = (x..<x + width).clamped(to: 0..<self.width)
    for row in (y..<y + height).clamped(to: 0..<self.height) {
      for column in columns {
        let start = (row * self.width + column) * 3
        rgb[start] = colour.red
        rgb[start + 1] = colour.green
        rgb[start + 2] = colour.blue
      }
    }
  }
}
