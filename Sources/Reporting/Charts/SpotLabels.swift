/// Places for names beside points, so that no name covers another or a point.
enum SpotLabels {
  /// Where a name begins or, left of its point, ends, in shares of the plot, and where the line starts that ties it to a
  /// point that is not beside it.
  struct Place {
    var x: Double
    var y: Double
    var isLeft = false
    var tie: (x: Double, y: Double)?
  }

  /// Places right or left of each point, or the nearest free ones above or below.
  ///
  /// - Parameters:
  ///   - others: points without a name.
  ///   - gap: from a point's middle to its name.
  static func placed(
    _ spots: [(x: Double, y: Double)], besides others: [(x: Double, y: Double)], widths: [Double], height: Double,
    gap: Double
  ) -> [Place] {
    var taken: [Box] = (spots + others).map {
      Box(x: $0.x - gap * 0.6...$0.x + gap * 0.6, y: $0.y - height / 3...$0.y + height / 3)
    }
    return spots.indices.map { index in
      let spot = spots[index]
      // By half lines, as far as the plot is high.
      for step in 0...Int((2 / height).rounded(.up)) {
        for sign in step == 0 ? [1.0] : [1.0, -1.0] {
          for left in [spot.x + gap, spot.x - gap - widths[index]] where left > 0 {
            let y = spot.y + sign * Double(step) * height * 0.5
            let box = Box(x: left...left + widths[index], y: y - height / 2...y + height / 2)
            let isFree = !taken.enumerated().contains { $0 != index && $1.overlaps(box) }
            guard isFree, y > 0.02, y < 1.05 else { continue }
            taken.append(box)
            // A name two lines away could be anyone's.
            let isLeft = left < spot.x
            let tie = isLeft ? spot.x - gap * 0.8 : left - gap * 0.2
            return Place(
              x: rounded(isLeft ? spot.x - gap : left), y: rounded(y), isLeft: isLeft,
              tie: step > 2 ? (rounded(tie), rounded(y)) : nil)
          }
        }
      }
      return Place(x: rounded(spot.x + gap), y: rounded(spot.y))
    }
  }

  private struct Box {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>

    func overlaps(_ other: Box) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
