import Architectures

/// Mixes each example of a batch with the one before it, the first with the last, in place.
final class BatchMixer {
  /// The share of each class in each example of the last batch, `[examples][classes]`.
  let shares: UnsafeMutablePointer<Float>

  private let mix: BatchMix
  private let image: ImageShape
  private let classes: Int
  private let size: Int
  /// The batch's last example before it was mixed.
  private let last: UnsafeMutablePointer<Float>

  /// - Parameter shape: of the examples, which was checked.
  init(_ mix: BatchMix, shape: Shape, classes: Int, batchSize: Int) {
    guard let image = try? ImageShape(shape, rank: .two) else { preconditionFailure("\(shape) is not an image") }
    (self.mix, self.image, self.classes, size) = (mix, image, classes, shape.count)
    shares = .allocate(capacity: batchSize * classes)
    last = .allocate(capacity: size)
  }

  deinit {
    shares.deallocate()
    last.deallocate()
  }

  /// Mixes `[count][C, H, W]` in place and sets ``shares``.
  func mix(
    _ images: UnsafeMutablePointer<Float>, _ labels: UnsafePointer<UInt8>, count: Int, _ draws: any TransformDraws
  ) {
    let share = Double(draws.beta(Float(mix.alpha)))
    last.update(from: images + (count - 1) * size, count: size)
    switch mix.kind {
    case .mixup:
      forEachPair(images, count) { own, other in
        blend(size, own, other, share)
      }
      setShares(labels, count, share)
    case .cutmix:
      let box = box(share, draws)
      forEachPair(images, count) { own, other in
        for row in 0..<image.channels * image.height where box.rows.contains(row % image.height) {
          let start = row * image.width + box.columns.lowerBound
          (own + start).update(from: other + start, count: box.columns.count)
        }
      }
      let area = Double(box.rows.count * box.columns.count)
      setShares(labels, count, 1 - area / Double(image.width * image.height))
    }
  }

  /// The rectangle that is another example's, cut at the image's borders.
  private func box(_ share: Double, _ draws: any TransformDraws) -> (rows: Range<Int>, columns: Range<Int>) {
    let (x, y) = (draws.below(image.width), draws.below(image.height))
    let half = 0.5 * (1 - share).squareRoot()
    func range(_ centre: Int, _ length: Int) -> Range<Int> {
      let reach = Int(half * Double(length))
      return max(centre - reach, 0)..<min(centre + reach, length)
    }
    return (range(y, image.height), range(x, image.width))
  }

  /// Calls `body` with each example and, as it was, the one before it; from the last on, so that this one still is.
  private func forEachPair(
    _ images: UnsafeMutablePointer<Float>, _ count: Int,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    for index in stride(from: count - 1, to: 0, by: -1) { body(images + index * size, images + (index - 1) * size) }
    body(images, last)
  }

  private func setShares(_ labels: UnsafePointer<UInt8>, _ count: Int, _ share: Double) {
    shares.update(repeating: 0, count: count * classes)
    for index in 0..<count {
      let row = shares + index * classes
      row[Int(labels[(index + count - 1) % count])] = Float(1 - share)
      row[Int(labels[index])] += Float(share)
    }
  }

  /// `other · (1 − share) + own · share`, each product rounded.
  private func blend(
    _ count: Int, _ own: UnsafeMutablePointer<Float>, _ other: UnsafePointer<Float>, _ share: Double
  ) {
    let (kept, added) = (Float(share), Float(1 - share))
    for index in 0..<count { own[index] = other[index] * added + own[index] * kept }
  }
}
