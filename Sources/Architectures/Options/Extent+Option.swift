extension Extent {
  /// As an option: one number where that says all, otherwise rows and columns.
  func value(_ rank: SpatialRank) -> OptionValue {
    rank == .one || height == width ? .integer(width) : .list([.integer(height), .integer(width)])
  }
}

extension Options {
  /// Rows and columns: one number for both, or a list with one for each; a 1-D layer's rows are `flat`.
  func extentIfAny(_ name: String, _ rank: SpatialRank, flat: Int) -> Extent? {
    let sides: [Int]
    switch self[name] {
    case .integer(let side)?: sides = [side]
    case .list(_)?: sides = integers(name)
    default: return nil
    }
    switch (rank, sides.count) {
    case (.one, 1): return Extent(flat, sides[0])
    case (.two, 1): return Extent(sides[0])
    case (.two, 2): return Extent(sides[0], sides[1])
    default: return required(nil, name)
    }
  }

  func extent(_ name: String, _ rank: SpatialRank, flat: Int) -> Extent {
    required(extentIfAny(name, rank, flat: flat), name)
  }
}
