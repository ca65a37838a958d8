extension OptionKind {
  /// A number of channels, features, rows …
  static let size = OptionKind.integer(1...1_000_000)
  /// A factor ≥ 0.
  static let factor = OptionKind.number(NumberRange(0...1_000_000))
  /// A share from 0 to 1.
  static let share = OptionKind.number(NumberRange(0...1))
  /// Nonlinearities that a family may put after its layers.
  static let activation = OptionKind.choice(["relu", "leaky_relu", "elu", "sigmoid", "tanh", "none"])

  /// One whole number for all spatial dimensions, or a list with one for each.
  static func extent(_ rank: SpatialRank, from minimum: Int = 1) -> OptionKind {
    let side = OptionKind.integer(minimum...1_000_000)
    return .either([side, .list(side, count: rank.rawValue...rank.rawValue)])
  }

  /// A value of a kind, or `null`.
  static func nullable(_ kind: OptionKind) -> OptionKind { .either([kind, .null]) }
}

extension Extent {
  /// As an option: one number where that says all, otherwise rows and columns.
  func value(_ rank: SpatialRank) -> OptionValue {
    rank == .one || height == width ? .integer(width) : .list([.integer(height), .integer(width)])
  }
}
