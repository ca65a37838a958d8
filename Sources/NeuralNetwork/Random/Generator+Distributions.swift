import Foundation
import Kernels

extension Generator {
  /// What `Tensor.random_()` draws into an int64: uniform over `0..<2⁶³`.
  package func nextInt64() -> Int64 { Int64(nextUInt64() & 0x7fff_ffff_ffff_ffff) }

  /// What `Tensor.uniform_(from, to)` draws into a float: 24 bits of one draw, scaled and shifted in one rounding.
  package func uniform(from low: Float = 0, to high: Float = 1) -> Float {
    low.addingProduct(Float(nextUInt32() & 0xff_ffff) * 0x1p-24, high - low)
  }

  /// What PyTorch draws where it wants a double in [0, 1): 53 bits of two draws.
  package func uniformDouble() -> Double { Double(nextUInt64() & 0x1f_ffff_ffff_ffff) * 0x1p-53 }

  /// What `Tensor.bernoulli_(p)` draws for one element.
  package func bernoulli(_ probability: Double) -> Bool { uniformDouble() < probability }

  /// What `Tensor.bernoulli_(p)` draws for `count` elements: `factor` for true, 0 for false.
  func bernoulli(_ probability: Double, times factor: Float, count: Int, into result: UnsafeMutablePointer<Float>) {
    let bound = Generator.bernoulliBound(probability)
    var drawn = 0
    while drawn < count {
      let some = takePairs(atMost: count - drawn) {
        selectFactors($0, below: bound, factor: factor, count: $1, into: result + drawn)
      }
      // A pair of which one draw is left comes out of two fillings.
      if some == 0 { result[drawn] = bernoulli(probability) ? factor : 0 }
      drawn += max(some, 1)
    }
  }

  /// ⌈p · 2⁵³⌉, the smallest draw that is false: a draw is a whole number, so this is exact.
  static func bernoulliBound(_ probability: Double) -> Int64 { Int64((probability * 0x1p53).rounded(.up)) }

  /// What `torch.randint(bound)` draws for one element: 32 bits, from 2²⁸ on 64.
  package func below(_ bound: Int) -> Int {
    bound < 1 << 28 ? Int(nextUInt32()) % bound : Int(nextUInt64() % UInt64(bound))
  }

  /// What `torch.randperm(count)` draws, for up to 2³¹ − 1 items.
  package func permutation(_ count: Int) -> [Int32] {
    if count >= Int(UInt32.max) / 20 { return widePermutation(count) }
    var order = (0..<Int32(count)).map { $0 }
    for index in 0..<max(count - 1, 0) {
      order.swapAt(index, index + Int(nextUInt32()) % (count - index))
    }
    return order
  }

  /// What `torch.randperm(count)` draws where the remainder of one draw would be uneven: two draws an item, and each
  /// new item changes places with one of those before it.
  func widePermutation(_ count: Int) -> [Int32] {
    var order = [Int32](repeating: 0, count: count)
    for index in 0..<count {
      let place = Int(nextUInt64() % UInt64(index + 1))
      order[index] = order[place]
      order[place] = Int32(index)
    }
    return order
  }

  /// What `Tensor.normal_(mean, std)` draws into a contiguous tensor of `count` floats.
  ///
  /// Fewer than 16 values come in pairs from the Box-Muller transform in Double, the second kept for the next call.
  /// From 16 on, PyTorch transforms sixteen uniform numbers at a time in Float and draws the last sixteen anew where
  /// `count` is not a multiple of 16.
  package func normal(_ count: Int, mean: Double = 0, std: Double = 1) -> [Float] {
    if count < 16 { return (0..<count).map { _ in Float(normal() * std + mean) } }
    var values = (0..<count).map { _ in uniform() }
    for start in stride(from: 0, through: count - 16, by: 16) {
      transform(&values, at: start, mean: Float(mean), std: Float(std))
    }
    if count % 16 != 0 {
      for index in count - 16..<count { values[index] = uniform() }
      transform(&values, at: count - 16, mean: Float(mean), std: Float(std))
    }
    return values
  }

  /// What `torch.distributions.Beta(alpha, alpha)` draws of tensors of one float: a share of two gamma numbers.
  ///
  /// - Parameter alpha: both concentrations, above 0.
  package func beta(_ alpha: Float) -> Float {
    let (first, second) = (gamma(Double(alpha)), gamma(Double(alpha)))
    let share = Float(first / (first + second))
    return min(max(share, .leastNormalMagnitude), 1 - .ulpOfOne / 2)
  }

  /// A number from the gamma distribution of a shape, as PyTorch draws it. Source: Marsaglia and Tsang 2000, "A simple
  /// method for generating gamma variables".
  private func gamma(_ shape: Double) -> Double {
    // A shape below 1 is boosted, so that more is accepted.
    let scale = shape < 1 ? pow(1 - uniformDouble(), 1 / shape) : 1
    // PyTorch's constants are floats.
    let d = (shape < 1 ? shape + 1 : shape) - Double(1 / 3 as Float)
    let c = 1 / (9 * d).squareRoot()
    while true {
      var (x, y) = (0.0, 0.0)
      repeat {
        x = normal()
        y = 1 + c * x
      } while y <= 0
      let v = y * y * y
      let u = 1 - uniformDouble()
      let square = x * x
      if u < 1 - Double(0.0331 as Float) * square * square || log(u) < 0.5 * square + d * (1 - v + log(v)) {
        return max(scale * d * v, .leastNormalMagnitude)
      }
    }
  }

  private func normal() -> Double {
    if let next = nextNormal {
      nextNormal = nil
      return next
    }
    let angle = 2 * Double.pi * uniformDouble()
    let radius = (-2 * log1p(-uniformDouble())).squareRoot()
    nextNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  private func transform(_ values: inout [Float], at start: Int, mean: Float, std: Float) {
    for index in start..<start + 8 {
      let radius = (-2 * CephesFloat.log(1 - values[index])).squareRoot()
      let (sine, cosine) = CephesFloat.sineAndCosine(Float(2 * Double.pi) * values[index + 8])
      values[index] = mean.addingProduct(radius * cosine, std)
      values[index + 8] = mean.addingProduct(radius * sine, std)
    }
  }
}
