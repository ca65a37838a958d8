/// How large networks may be: far beyond what fits a machine, far below what overflows an `Int`.
package enum NetworkLimits {
  /// Values that one layer may put out for one example, and values that one network may learn.
  package static let values = 1 << 28
  /// Multiply-adds of one layer for one example.
  package static let multiplyAdds = 1 << 50

  /// The product of positive sizes.
  ///
  /// - Throws: where it passes the limit.
  static func product(
    _ sizes: [Int], limit: Int = values, _ what: String
  ) throws(ShapeError) -> Int {
    var product = 1
    for size in sizes {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard !overflows, next <= limit else {
        throw ShapeError("\(what) \(sizes.map(String.init).joined(separator: " × ")) passes the limit of \(limit)")
      }
      product = next
    }
    return product
  }

  /// The number of multiply-adds of one layer, from the sizes that it is the product of.
  ///
  /// - Throws: where it passes the limit.
  static func multiplyAdds(_ sizes: [Int]) throws(ShapeError) -> Int {
    try product(sizes, limit: multiplyAdds, "its number of multiply-adds")
  }
}
