/// The values that an option takes.
package indirect enum OptionKind: Hashable, Sendable {
  /// `true` or `false`
  case boolean
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(NumberRange)
  /// A text of 1 to so many characters.
  case text(Int)
  /// One of some words.
  case choice([String])
  /// A list of values of one kind.
  case list(OptionKind, count: ClosedRange<Int>)
  /// `null`
  case null
  /// A value of one of several kinds.
  case either([OptionKind])
  /// An object with options of its own.
  case object(OptionTable)
  /// An object whose `name` says which of several tables its other options are from.
  case tagged([OptionTable])
  /// An object whose `type` says which layer its other options are of.
  case layer
}

extension OptionKind {
  /// A number of channels, features, rows …
  static let size = OptionKind.integer(1...1_000_000)
  /// A factor ≥ 0.
  static let factor = OptionKind.number(NumberRange(0...1_000_000))
  /// A share from 0 to 1.
  static let share = OptionKind.number(NumberRange(0...1))

  /// One whole number for all spatial dimensions, or a list with one for each.
  static func extent(_ rank: SpatialRank, from minimum: Int = 1) -> OptionKind {
    let side = OptionKind.integer(minimum...1_000_000)
    return .either([side, .list(side, count: rank.rawValue...rank.rawValue)])
  }

  /// A value of a kind, or `null`.
  static func nullable(_ kind: OptionKind) -> OptionKind { .either([kind, .null]) }

  /// The kinds that a value may be of, none of which is ``either(_:)``.
  package var flattened: [OptionKind] {
    if case .either(let kinds) = self { kinds.flatMap(\.flattened) } else { [self] }
  }

  /// Whether a value is a layer, or a list of layers.
  package var holdsLayers: Bool {
    switch self {
    case .layer: true
    case .list(let element, _): element.holdsLayers
    default: false
    }
  }

  /// The tables of the objects that a value may be, whether one stands alone or a `name` chooses.
  package var tables: [OptionTable] {
    flattened.flatMap { kind -> [OptionTable] in
      switch kind {
      case .object(let table): [table]
      case .tagged(let tables): tables
      default: []
      }
    }
  }
}

/// The numbers from one bound to another.
package struct NumberRange: Hashable, Sendable {
  /// The lower bound.
  package let minimum: Double
  /// The upper bound.
  package let maximum: Double
  /// Whether the lower bound itself is left out.
  package let excludesMinimum: Bool
  /// Whether the upper bound itself is left out.
  package let excludesMaximum: Bool

  /// Creates a range; both bounds belong to it unless they are excluded.
  package init(_ range: ClosedRange<Double>, excludesMinimum: Bool = false, excludesMaximum: Bool = false) {
    (minimum, maximum) = (range.lowerBound, range.upperBound)
    (self.excludesMinimum, self.excludesMaximum) = (excludesMinimum, excludesMaximum)
  }

  /// Whether a number lies in the range.
  package func contains(_ value: Double) -> Bool {
    (excludesMinimum ? value > minimum : value >= minimum) && (excludesMaximum ? value < maximum : value <= maximum)
  }
}
