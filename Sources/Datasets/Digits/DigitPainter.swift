/// Draws one digit: 28 × 28 bytes, white on black.
///
/// It computes with + − × ÷ √ alone, which IEEE 754 rounds in one way only, so that a seed gives the same bytes on
/// every machine; functions such as `sin` differ between C libraries.
struct DigitPainter {
  /// Rows, and columns.
  static let side = 28
  /// Straight pieces from one point of a stroke to the next.
  private static let pieces = 6
  /// How far a point strays, in the units of the strokes' box: a standard deviation.
  private static let tremor = 0.7

  private var random: SplitMix64
  /// The square of each pixel's distance to the nearest stroke.
  private var distances = [Double](repeating: 1e9, count: side * side)

  /// Prepares to draw; what is drawn depends on the seed alone.
  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Draws a digit into `side · side` bytes.
  mutating func draw(_ digit: Int, into pixels: UnsafeMutablePointer<UInt8>) {
    let styles = DigitStrokes.styles(of: digit)
    let style = styles[random.index(styles.count)]
    let pose = Pose(&random)
    for stroke in style {
      var points = stroke.map { point in
        pose.placed(Point(x: point.x + Self.tremor * random.bell(), y: point.y + Self.tremor * random.bell()))
      }
      let isLoop = stroke[0] == stroke[stroke.count - 1]
      if isLoop { points[points.count - 1] = points[0] }
      trace(points, isLoop: isLoop)
    }
    scribble()
    paint(pixels)
  }

  /// A stray line beside or across the digit, now and then.
  private mutating func scribble() {
    for _ in 0..<random.index(2) {
      let start = Point(x: random.uniform(0, 28), y: random.uniform(0, 28))
      trace([start, Point(x: start.x + random.uniform(-5, 5), y: start.y + random.uniform(-5, 5))])
    }
  }

  /// Draws a Catmull–Rom curve through the points, as short straight pieces; a loop is smooth where it closes.
  private mutating func trace(_ points: [Point], isLoop: Bool = false) {
    for index in 1..<points.count {
      let (from, to) = (points[index - 1], points[index])
      let before = index > 1 ? points[index - 2] : isLoop ? points[points.count - 2] : from
      let after = index + 1 < points.count ? points[index + 1] : isLoop ? points[1] : to
      var last = from
      for piece in 1...Self.pieces {
        let t = Double(piece) / Double(Self.pieces)
        let next = Point(
          x: Self.catmullRom(before.x, from.x, to.x, after.x, t), y: Self.catmullRom(before.y, from.y, to.y, after.y, t)
        )
        line(last, next)
        last = next
      }
    }
  }

  private static func catmullRom(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ t: Double) -> Double {
    let linear = c - a
    let square = 2 * a - 5 * b + 4 * c - d
    let cube = 3 * b - a - 3 * c + d
    return b + 0.5 * t * (linear + t * (square + t * cube))
  }

  /// Notes the distances to a straight piece, for the pixels near it.
  private mutating func line(_ from: Point, _ to: Point) {
    let reach = 3.0
    let columns = Self.pixels(min(from.x, to.x) - reach, max(from.x, to.x) + reach)
    let rows = Self.pixels(min(from.y, to.y) - reach, max(from.y, to.y) + reach)
    let (dx, dy) = (to.x - from.x, to.y - from.y)
    let length = dx * dx + dy * dy
    for row in rows {
      for column in columns {
        let (px, py) = (Double(column) + 0.5 - from.x, Double(row) + 0.5 - from.y)
        let along = length > 0 ? max(0, min(1, (px * dx + py * dy) / length)) : 0
        let (ex, ey) = (px - along * dx, py - along * dy)
        let distance = ex * ex + ey * ey
        if distance < distances[row * Self.side + column] { distances[row * Self.side + column] = distance }
      }
    }
  }

  private static func pixels(_ low: Double, _ high: Double) -> Range<Int> {
    let first = max(0, min(Double(side), low))
    let last = max(first, min(Double(side), high + 1))
    return Int(first)..<Int(last)
  }

  /// Turns distances into grey, then adds noise and a blot that hides a part.
  private mutating func paint(_ pixels: UnsafeMutablePointer<UInt8>) {
    let radius = random.uniform(0.7, 1.5)
    let softness = random.uniform(0.8, 1.4)
    let ink = random.uniform(0.65, 1)
    let noise = random.uniform(0.01, 0.1)
    let blot = Point(x: random.uniform(2, 26), y: random.uniform(2, 26))
    let blotRadius = random.uniform(0, 3)
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        let index = row * Self.side + column
        var grey = ink * max(0, min(1, (radius - distances[index].squareRoot()) / softness + 0.5))
        let (bx, by) = (Double(column) + 0.5 - blot.x, Double(row) + 0.5 - blot.y)
        if bx * bx + by * by < blotRadius * blotRadius { grey = 0 }
        grey += noise * random.bell()
        pixels[index] = UInt8(max(0, min(255, grey * 255 + 0.5)))
      }
    }
  }
}

/// How a digit lies on the page: bent, sheared, scaled, turned and moved.
private struct Pose {
  private let bendX: Double
  private let bendY: Double
  private let shear: Double
  private let width: Double
  private let height: Double
  private let cosine: Double
  private let sine: Double
  private let centre: Point

  init(_ random: inout SplitMix64) {
    bendX = 0.08 * random.bell()
    bendY = 0.08 * random.bell()
    shear = 0.15 * random.bell()
    width = random.uniform(0.75, 1.15)
    height = random.uniform(0.8, 1.05)
    // cos and sin of an angle from the tangent of its half: no function of the C library is needed.
    let half = 0.07 * random.bell()
    cosine = (1 - half * half) / (1 + half * half)
    sine = 2 * half / (1 + half * half)
    centre = Point(x: 14 + random.uniform(-2.2, 2.2), y: 14 + random.uniform(-2.2, 2.2))
  }

  func placed(_ point: Point) -> Point {
    var (x, y) = ((point.x - 7) / 10, (point.y - 10) / 10)
    (x, y) = (x + bendX * (1 - 2 * y * y) + shear * y, y + bendY * (1 - 2 * x * x))
    (x, y) = (x * width * 10, y * height * 10)
    return Point(x: centre.x + x * cosine - y * sine, y: centre.y + x * sine + y * cosine)
  }
}
