/// Makes vectors orthonormal, each in the span of itself and those before it: Gram and Schmidt's process, each vector
/// twice, which keeps them orthogonal to a rounding (Giraud, Langou & Rozložník 2005).
///
/// - Parameter vectors: `[count][length]`, linearly independent; `count` is at most `length`.
package func orthonormalize(count: Int, length: Int, _ vectors: UnsafeMutablePointer<Double>) {
  for index in 0..<count {
    let vector = vectors + index * length
    for _ in 0..<2 {
      for before in 0..<index {
        let other = vectors + before * length
        addProduct(-dot(vector, other, length), other, to: vector, length)
      }
    }
    let inverse = 1 / dot(vector, vector, length).squareRoot()
    for position in 0..<length { vector[position] *= inverse }
  }
}

private typealias Double8 = SIMD8<Double>

@inline(__always)
private func load(_ pointer: UnsafePointer<Double>) -> Double8 {
  UnsafeRawPointer(pointer).loadUnaligned(as: Double8.self)
}

private func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = Double8.zero
  let whole = count & ~7
  for index in stride(from: 0, to: whole, by: 8) { sums.addProduct(load(a + index), load(b + index)) }
  var sum = sums.sum()
  for index in whole..<count { sum += a[index] * b[index] }
  return sum
}

private func addProduct(
  _ factor: Double, _ values: UnsafePointer<Double>, to result: UnsafeMutablePointer<Double>, _ count: Int
) {
  let whole = count & ~7
  for index in stride(from: 0, to: whole, by: 8) {
    UnsafeMutableRawPointer(result + index).storeBytes(
      of: load(result + index).addingProduct(factor, load(values + index)), as: Double8.self)
  }
  for index in whole..<count { result[index].addProduct(factor, values[index]) }
}
