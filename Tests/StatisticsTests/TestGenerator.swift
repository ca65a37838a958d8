import Foundation

/// Numbers for property tests that depend on the seed alone.
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: Int) { state = UInt64(seed) &* 0x2545_F491_4F6C_DD1D &+ 88_172_645_463_325_252 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x9E37_79B9_7F4A_7C15
  }

  /// A normal deviate, by Box and Muller.
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 1e-12...1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }
}
