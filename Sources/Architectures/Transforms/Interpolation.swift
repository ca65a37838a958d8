/// How the pixels between pixels are made.
package enum Interpolation: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
  /// The nearest pixel.
  case nearest
  /// Between the four nearest pixels.
  case bilinear

  static let kind = OptionKind.choice(allCases.map(\.rawValue))
}

/// One number, or several: a bound on both sides of a middle, or the bounds themselves.
package enum Bounds: Hashable, Sendable, OptionRepresentable {
  /// The distance from the middle.
  case distance(Double)
  /// The bounds of one value or of several, the lower ones first.
  case bounds([Double])

  init?(optionValue: OptionValue?) {
    switch optionValue {
    case .number(let distance)?: self = .distance(distance)
    case .list(let values)?:
      self = .bounds(values.compactMap { if case .number(let value) = $0 { value } else { nil } })
    default: return nil
    }
  }

  var optionValue: OptionValue {
    switch self {
    case .distance(let distance): .number(distance)
    case .bounds(let values): .list(values.map { .number($0) })
    }
  }

  /// The bounds, the lower ones first.
  package func values(around middle: Double) -> [Double] {
    switch self {
    case .distance(let distance): [middle - distance, middle + distance]
    case .bounds(let values): values
    }
  }

  /// - Throws: ``OptionError`` where a lower bound is above its upper one.
  func check(_ option: String) throws(OptionError) {
    guard case .bounds(let values) = self else { return }
    for index in stride(from: 0, to: values.count - 1, by: 2) where values[index] > values[index + 1] {
      throw OptionError(
        option: option, "is \(values[index]) to \(values[index + 1]); expected the smaller number first")
    }
  }

  /// One number from 0 to `limit`, or a list of so many from `lowest` to `limit`.
  static func kind(from lowest: Double, to limit: Double, counts: [Int] = [2]) -> OptionKind {
    let bound = OptionKind.number(NumberRange(lowest...limit))
    return .either([.number(NumberRange(0...limit))] + counts.map { .list(bound, count: $0...$0) })
  }
}

/// A value for all channels, or one for each.
package struct ChannelValues: Hashable, Sendable, OptionRepresentable {
  private let values: [Double]

  /// Creates values; a single one serves all channels.
  package init(_ values: [Double]) { self.values = values }

  init?(optionValue: OptionValue?) {
    switch optionValue {
    case .number(let value)?: self.init([value])
    case .list(let values)?: self.init(values.compactMap { if case .number(let value) = $0 { value } else { nil } })
    default: return nil
    }
  }

  var optionValue: OptionValue { values.count == 1 ? .number(values[0]) : .list(values.map { .number($0) }) }

  /// The value of a channel.
  package subscript(channel: Int) -> Float { Float(values.count == 1 ? values[0] : values[channel]) }

  static let kind = OptionKind.either([.pixel, .list(.pixel, count: 1...1_000)])

  func check(_ option: String, _ image: ImageShape) throws(OptionError) {
    guard values.count != 1, values.count != image.channels else { return }
    throw OptionError(
      option: option, "has \(values.count) values; expected 1, or one for each of the \(image.channels) channels")
  }
}
