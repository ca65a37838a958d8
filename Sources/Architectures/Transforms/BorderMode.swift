/// What stands around an image that is padded: torchvision's padding modes.
package enum BorderMode: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
  /// One value everywhere.
  case constant
  /// The nearest pixel of the edge.
  case edge
  /// The image mirrored at its edge, the edge itself not repeated.
  case reflect
  /// The image mirrored at its edge, the edge repeated.
  case symmetric

  /// The row or column of an image that stands at a place before (below 0) or behind it; `nil` is the constant.
  package func source(of index: Int, size: Int) -> Int? {
    if index >= 0 && index < size { return index }
    return switch self {
    case .constant: nil
    case .edge: index < 0 ? 0 : size - 1
    case .reflect: index < 0 ? -index : 2 * (size - 1) - index
    case .symmetric: index < 0 ? -1 - index : 2 * size - 1 - index
    }
  }

  /// The widest padding of a side that has `size` pixels; `nil` where any will do.
  func widest(size: Int) -> Int? {
    switch self {
    case .constant, .edge: nil
    case .reflect: size - 1
    case .symmetric: size
    }
  }
}

/// How many pixels are added on each side of an image.
package struct Margins: Hashable, Sendable, OptionRepresentable {
  /// Columns on the left.
  package var left: Int
  /// Rows above.
  package var top: Int
  /// Columns on the right.
  package var right: Int
  /// Rows below.
  package var bottom: Int

  /// Creates margins.
  package init(left: Int, top: Int, right: Int, bottom: Int) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  /// Creates equal margins.
  package init(_ side: Int) { self.init(left: side, top: side, right: side, bottom: side) }

  /// One number for all sides, `[left and right, top and bottom]`, or `[left, top, right, bottom]`.
  init?(optionValue: OptionValue?) {
    switch optionValue {
    case .integer(let side)?: self.init(side)
    case .list(let values)?:
      let sides = values.compactMap { if case .integer(let side) = $0 { side } else { nil } }
      switch sides.count {
      case 2: self.init(left: sides[0], top: sides[1], right: sides[0], bottom: sides[1])
      case 4: self.init(left: sides[0], top: sides[1], right: sides[2], bottom: sides[3])
      default: return nil
      }
    default: return nil
    }
  }

  var optionValue: OptionValue {
    if left == right && top == bottom && left == top { return .integer(left) }
    let sides = left == right && top == bottom ? [left, top] : [left, top, right, bottom]
    return .list(sides.map { .integer($0) })
  }

  static let kind: OptionKind = {
    let side = OptionKind.integer(0...10_000)
    return .either([side, .list(side, count: 2...2), .list(side, count: 4...4)])
  }()

  /// An image with these margins.
  ///
  /// - Throws: ``OptionError`` of the option `padding` where a mirror would have to be larger than the image.
  func around(_ image: ImageShape, _ mode: BorderMode) throws(OptionError) -> ImageShape {
    for (side, size, name) in [
      (max(left, right), image.width, "wide"), (max(top, bottom), image.height, "high"),
    ] {
      guard let widest = mode.widest(size: size), side > widest else { continue }
      throw OptionError(
        option: "padding",
        "is \(side); padding_mode \"\(mode.rawValue)\" mirrors at most \(widest) of an image that is \(size) \(name)")
    }
    return around(image)
  }

  /// An image with these margins, which are not checked.
  package func around(_ image: ImageShape) -> ImageShape {
    ImageShape(channels: image.channels, height: image.height + top + bottom, width: image.width + left + right)
  }
}

extension OptionKind {
  /// A pixel's value, as ToTensor has it: black is 0, white is 1.
  static let pixel = OptionKind.number(NumberRange(-1_000_000...1_000_000))
}
