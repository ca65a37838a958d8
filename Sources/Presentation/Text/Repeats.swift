extension Sequence where Element: Hashable {
  /// Each element where it stands first, in order.
  package var withoutRepeats: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
