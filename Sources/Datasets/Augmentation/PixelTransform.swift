import Architectures
import Foundation

/// What a transform does to pixels, with torchvision's draws in their order.
protocol PixelTransform: TransformKind {
  /// Changes an image, of a shape that ``TransformKind/output(of:)`` takes.
  func apply(to image: WorkImage, _ draws: any TransformDraws)

  /// The images between the one that comes in and the one that goes out.
  func steps(of image: ImageShape) -> [ImageShape]
}

extension PixelTransform {
  func steps(of image: ImageShape) -> [ImageShape] { [] }
}

extension RandomCrop: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    let margins = margins(of: image.shape)
    for margins in margins.dropLast() { image.pad(margins, paddingMode, fill: Float(fill)) }
    let last = margins.last ?? Margins(0)
    let padded = last.around(image.shape)
    var (top, left) = (0, 0)
    if padded.height != size.height || padded.width != size.width {
      top = draws.below(padded.height - size.height + 1)
      left = draws.below(padded.width - size.width + 1)
    }
    image.window(
      last, paddingMode, fill: Float(fill), top: top, left: left, height: size.height, width: size.width)
  }

  func steps(of image: ImageShape) -> [ImageShape] {
    margins(of: image).dropLast().reduce(into: [image]) { $0.append($1.around($0[$0.count - 1])) }
  }
}

extension RandomHorizontalFlip: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    if draws.uniform(from: 0, to: 1) < Float(probability) { image.mirrorColumns() }
  }
}

extension RandomVerticalFlip: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    if draws.uniform(from: 0, to: 1) < Float(probability) { image.mirrorRows() }
  }
}

extension Pad: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) { image.pad(padding, paddingMode, fill: Float(fill)) }
}

extension CenterCrop: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    let margins = margins(of: image.shape) ?? Margins(0)
    let padded = margins.around(image.shape)
    // Python rounds a half to the even number.
    func start(_ rest: Int) -> Int { Int((Double(rest) / 2).rounded(.toNearestOrEven)) }
    image.window(
      margins, .constant, fill: 0, top: start(padded.height - size.height), left: start(padded.width - size.width),
      height: size.height, width: size.width)
  }
}

extension Grayscale: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    image.makeGrey(channels: outputChannels == 3 ? image.shape.channels : 1)
  }
}

extension RandomErasing: PixelTransform {
  func apply(to image: WorkImage, _ draws: any TransformDraws) {
    guard draws.uniform(from: 0, to: 1) < Float(probability) else { return }
    let (height, width) = (image.shape.height, image.shape.width)
    let area = RandomArea(
      scale: (smallestScale, largestScale), ratio: (smallestRatio, largestRatio), of: height * width)
    for _ in 0..<RandomArea.attempts {
      let (rows, columns) = area.sides(draws)
      guard rows < height, columns < width else { continue }
      var noise: [Float] = []
      if case .random = value { noise = draws.normal(image.shape.channels * rows * columns) }
      let top = draws.below(height - rows + 1)
      let left = draws.below(width - columns + 1)
      image.set(top: top, left: left, height: rows, width: columns) { channel, index in
        switch value {
        case .constant(let values): Float(values[values.count == 1 ? 0 : channel])
        case .random: noise[channel * rows * columns + index]
        }
      }
      return
    }
  }
}

/// A random rectangle: a share of an area, with a random ratio of its sides.
struct RandomArea {
  /// How often torchvision tries until the rectangle fits into the image.
  static let attempts = 10

  private let scale: (low: Float, high: Float)
  private let ratio: (low: Float, high: Float)
  private let area: Double

  init(scale: (Double, Double), ratio: (Double, Double), of area: Int) {
    func logarithm(_ ratio: Double) -> Float { Float(log(Double(Float(ratio)))) }
    self.scale = (Float(scale.0), Float(scale.1))
    self.ratio = (logarithm(ratio.0), logarithm(ratio.1))
    self.area = Double(area)
  }

  /// Two sides, the first of which is the second times the ratio.
  func sides(_ draws: any TransformDraws) -> (Int, Int) {
    let share = area * Double(draws.uniform(from: scale.low, to: scale.high))
    let ratio = Double(Float(exp(Double(draws.uniform(from: ratio.low, to: ratio.high)))))
    func side(_ square: Double) -> Int { Int(square.squareRoot().rounded(.toNearestOrEven)) }
    return (side(share * ratio), side(share / ratio))
  }
}
