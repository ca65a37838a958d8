/// Steele, Lea and Flood's generator (OOPSLA 2014): 64 bits of state, the same numbers on every machine.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return Self.mixed(state)
  }

  /// A number in [0, 1), from the high 53 bits.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in a range.
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// A number about 0 with standard deviation 1, never beyond ±3.47: the sum of four uniform ones, scaled.
  ///
  /// A true normal number needs a logarithm, which differs from one C library to the next.
  mutating func bell() -> Double { (unit() + unit() + unit() + unit() - 2) * 1.7320508075688772 }

  /// An index below `count`.
  mutating func index(_ count: Int) -> Int { Int(unit() * Double(count)) }

  /// The output function, which also spreads neighbouring seeds.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
