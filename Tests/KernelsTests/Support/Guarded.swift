/// A buffer of NaN that notices when something is written past its end.
struct Guarded {
  var values: [Float]
  private let count: Int

  init(_ count: Int) {
    self.count = count
    values = Array(repeating: .nan, count: count + 16)
    for index in count..<count + 16 { values[index] = 1234.5 }
  }

  mutating func fill(_ value: Float) { for index in 0..<count { values[index] = value } }

  var kept: [Float] { Array(values[..<count]) }
  var isIntact: Bool { values[count...].allSatisfy { $0 == 1234.5 } }
}
