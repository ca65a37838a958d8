/// How each digit is written: one or more styles, each of strokes, each of points that a smooth curve passes through.
///
/// The points lie in a box 14 wide and 20 high, from the upper left. A stroke of two points is straight; where a digit
/// has a corner, one stroke ends and the next begins.
enum DigitStrokes {
  typealias Stroke = [Point]
  typealias Style = [Stroke]

  /// The styles of a digit.
  static func styles(of digit: Int) -> [Style] { all[digit] }

  private static let all: [[Style]] = [
    // 0
    [
      [curve((7, 0), (2, 4), (1, 10), (3, 17), (7, 20), (11, 17), (13, 10), (12, 4), (7, 0))],
      [curve((10, 2), (6, 0), (3, 5), (2, 13), (5, 19), (9, 19), (12, 13), (12, 6), (8, 0))],
    ],
    // 1
    [
      [curve((7, 0), (7, 20))],
      [curve((3, 5), (8, 0)), curve((8, 0), (8, 20))],
      [curve((4, 4), (8, 0)), curve((8, 0), (7, 20)), curve((3, 20), (12, 20))],
    ],
    // 2
    [
      [curve((2, 5), (4, 1), (8, 0), (12, 3), (11, 8), (6, 14), (1, 20)), curve((1, 20), (13, 20))],
      [curve((2, 4), (7, 0), (12, 4), (9, 11), (3, 19), (1, 17), (4, 16), (9, 20), (13, 18))],
    ],
    // 3
    [
      [curve((2, 2), (7, 0), (12, 4), (10, 8), (5, 10)), curve((5, 10), (11, 12), (12, 16), (8, 20), (1, 18))],
      [curve((2, 0), (12, 0)), curve((12, 0), (6, 8)), curve((6, 8), (12, 11), (12, 17), (7, 20), (1, 18))],
    ],
    // 4
    [
      [curve((9, 0), (1, 14)), curve((1, 14), (13, 14)), curve((10, 6), (10, 20))],
      [curve((10, 0), (1, 13)), curve((1, 13), (13, 13)), curve((10, 0), (10, 20))],
      [curve((2, 0), (1, 7), (3, 11), (11, 10)), curve((12, 0), (11, 10), (10, 20))],
    ],
    // 5
    [
      [curve((12, 0), (3, 0)), curve((3, 0), (2, 9)), curve((2, 9), (7, 7), (12, 11), (12, 16), (7, 20), (1, 18))],
      [curve((12, 1), (7, 0), (3, 2), (3, 8), (9, 9), (12, 14), (9, 19), (1, 19))],
    ],
    // 6
    [
      [curve((10, 0), (5, 4), (2, 11), (2, 16), (6, 20), (11, 18), (12, 14), (8, 10), (2, 14))],
      [curve((6, 0), (3, 8), (2, 15), (5, 19), (9, 20), (12, 16), (9, 12), (5, 13), (2, 16))],
    ],
    // 7
    [
      [curve((1, 0), (13, 0)), curve((13, 0), (8, 9), (5, 20))],
      [curve((1, 0), (12, 0)), curve((12, 0), (5, 20)), curve((4, 10), (12, 9))],
      [curve((1, 4), (2, 0)), curve((2, 0), (13, 1)), curve((13, 1), (8, 10), (7, 20))],
    ],
    // 8
    [
      [
        curve(
          (11, 3), (7, 0), (3, 3), (4, 7), (8, 10), (12, 14), (11, 18), (7, 20), (2, 18), (2, 14), (6, 10), (11, 6),
          (11, 3))
      ],
      [
        curve((7, 0), (3, 2), (3, 7), (7, 9), (11, 7), (11, 2), (7, 0)),
        curve((7, 9), (2, 12), (2, 18), (7, 20), (12, 18), (12, 12), (7, 9)),
      ],
    ],
    // 9
    [
      [curve((12, 4), (8, 0), (3, 2), (2, 7), (6, 10), (11, 8), (12, 4)), curve((12, 4), (11, 20))],
      [curve((12, 5), (9, 0), (3, 1), (2, 7), (7, 10), (11, 7), (12, 3), (12, 12), (9, 19), (3, 20))],
    ],
  ]

  private static func curve(_ points: (Double, Double)...) -> Stroke { points.map { Point(x: $0.0, y: $0.1) } }
}

/// A place in the plane, y downwards.
struct Point: Equatable {
  var x: Double
  var y: Double
}
