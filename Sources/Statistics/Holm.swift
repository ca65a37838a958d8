/// Holm's correction for many tests that are not tied by common seeds.
public enum Holm {
  /// The corrected p of each test, in the order given; NaN stays NaN and does not count in the family.
  ///
  /// Source: Holm 1979, "A simple sequentially rejective multiple test procedure".
  public static func corrected(_ p: [Double]) -> [Double] {
    let order = p.indices.filter { !p[$0].isNaN }.sorted { p[$0] < p[$1] }
    var corrected = p
    var highest = 0.0
    for (rank, index) in order.enumerated() {
      highest = max(highest, min(1, p[index] * Double(order.count - rank)))
      corrected[index] = highest
    }
    return corrected
  }
}
