import Dispatch
import Kernels

extension BLAS {
  /// Multiplies the same matrices from many threads at once and holds every product against the one that a single
  /// thread made before, bit by bit: some builds of OpenBLAS give wrong products then.
  ///
  /// - Returns: how many of the `products` differ.
  package static func wrongProducts(threads: Int = 8, products: Int = 400) -> Int {
    precondition(isSingleThreaded)
    let size = 96
    let left = (0..<size * size).map { Float($0 % 101) / 101 - 0.5 }
    let right = (0..<size * size).map { Float($0 % 89) / 89 - 0.5 }
    let expected = product(left, right, size)
    let wrong = [Int](unsafeUninitializedCapacity: threads) { counts, count in
      let place = SendableCounts(counts)
      DispatchQueue.concurrentPerform(iterations: threads) { thread in
        var differing = 0
        for _ in 0..<(products + threads - 1) / threads where product(left, right, size) != expected { differing += 1 }
        place.counts.initializeElement(at: thread, to: differing)
      }
      count = threads
    }
    return wrong.reduce(0, +) + (isNear(expected, naiveProduct(left, right, size)) ? 0 : 1)
  }

  /// Each thread writes its own place.
  private struct SendableCounts: @unchecked Sendable {
    let counts: UnsafeMutableBufferPointer<Int>

    init(_ counts: UnsafeMutableBufferPointer<Int>) { self.counts = counts }
  }

  private static func product(_ left: [Float], _ right: [Float], _ size: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: size * size) { result, count in
      count = size * size
      guard let start = result.baseAddress else { return }
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          guard let a = left.baseAddress, let b = right.baseAddress else { return }
          matrixProduct(
            rows: size, columns: size, inner: size, a, strideA: size, b, strideB: size, into: start, strideC: size)
        }
      }
    }
  }

  private static func naiveProduct(_ left: [Float], _ right: [Float], _ size: Int) -> [Float] {
    (0..<size * size).map { place in
      (0..<size).reduce(Float(0)) { $0 + left[place / size * size + $1] * right[$1 * size + place % size] }
    }
  }

  private static func isNear(_ one: [Float], _ other: [Float]) -> Bool {
    zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 }
  }
}
