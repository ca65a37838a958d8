/// Places for names beside points, so that no name covers another or a point.
enum SpotLabels {
  /// Where each name begins, in shares of the plot: right or left of its point, or the nearest free place above or
  /// below.
  ///
  /// - Parameter others: points without a name.
  static func placed(
    _ spots: [(x: Double, y: Double)], besides others: [(x: Double, y: Double)], widths: [Double], height: Double
  ) -> [(x: Double, y: Double)] {
    var taken: [Box] = (spots + others).map {
      Box(x: $0.x - 0.01...$0.x + 0.01, y: $0.y - height / 3...$0.y + height / 3)
    }
    return spots.indices.map { index in
      let spot = spots[index]
      for step in 0..<14 {
        for sign in step == 0 ? [1.0] : [1.0, -1.0] {
          for left in [spot.x + 0.018, spot.x - 0.018 - widths[index]] where left > 0 {
            let y = spot.y + sign * Double(step) * height * 0.5
            let box = Box(x: left...left + widths[index], y: y - height / 2...y + height / 2)
            let isFree = !taken.enumerated().contains { $0 != index && $1.overlaps(box) }
            guard isFree, y > 0.02, y < 1.05 else { continue }
            taken.append(box)
            return (rounded(left), rounded(y))
          }
        }
      }
      return (rounded(spot.x + 0.018), rounded(spot.y))
    }
  }

  private struct Box {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>

    func overlaps(_ other: Box) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
