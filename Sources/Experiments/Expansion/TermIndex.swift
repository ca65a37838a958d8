import Presentation

/// The terms of conditions that look into one section, by the value that they want: however many there are, a point is
/// asked for each path once.
struct TermIndex {
  private var places: [GridPath: [JSONValue: [Int]]] = [:]
  private var count = 0

  /// Takes a term in: that the value at `path` is `value`.
  ///
  /// - Returns: its place.
  mutating func add(_ path: GridPath, _ value: JSONValue) -> Int {
    places[path, default: [:]][value, default: []].append(count)
    count += 1
    return count - 1
  }

  /// Whether each term holds at a point.
  func hold(at point: SectionPoint) -> [Bool] {
    var result = [Bool](repeating: false, count: count)
    for (path, wanted) in places {
      guard let value = point.value(at: path), let holding = wanted[value] else { continue }
      for place in holding { result[place] = true }
    }
    return result
  }
}
