import Experiments

/// The values of a trial in the order in which they are sent, with the digest of any first part of them.
struct MLflowPoints {
  /// A value with the iteration that it was measured at.
  struct Point {
    var name: String
    var iteration: Int
    var value: Double
  }

  /// Those that MLflow takes, by iteration: those of a trial that was stopped are the first of those that it has when it
  /// went on.
  let all: [Point]
  /// How many are NaN or infinite.
  let notFinite: Int
  private let blockSize: Int
  /// The digest of so many whole blocks.
  private let blocks: [String]

  /// Takes a trial's curves.
  ///
  /// - Parameter blockSize: at multiples of it, ``digest(ofFirst:)`` costs nothing.
  init(_ curves: [StudyCurves.Curve], blockSize: Int) {
    let points = curves.flatMap { curve in
      curve.points.map { Point(name: "\(curve.split)_\(curve.metric)", iteration: $0.iteration, value: $0.value) }
    }.sorted { ($0.iteration, $0.name) < ($1.iteration, $1.name) }
    all = points.filter(\.value.isFinite)
    notFinite = points.count - all.count
    self.blockSize = blockSize
    var blocks = [""]
    for start in stride(from: 0, to: all.count - all.count % blockSize, by: blockSize) {
      blocks.append(Self.digest(all[start..<start + blockSize], after: blocks[blocks.count - 1]))
    }
    self.blocks = blocks
  }

  /// What the first values are known by: SHA-256, block by block, over the digest so far and each value's name, iteration
  /// and bits.
  func digest(ofFirst count: Int) -> String {
    let whole = count / blockSize
    let rest = all[whole * blockSize..<count]
    return rest.isEmpty ? blocks[whole] : Self.digest(rest, after: blocks[whole])
  }

  private static func digest(_ points: ArraySlice<Point>, after earlier: String) -> String {
    var digest = ContentDigest()
    digest.update(Array(earlier.utf8))
    for point in points {
      digest.update(Array("\(point.name) \(point.iteration) \(point.value.bitPattern)\n".utf8))
    }
    return digest.hex()
  }
}
