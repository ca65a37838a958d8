/// A small generator, so that a sweep is the same every time.
struct Random {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func uniform() -> Float { Float(below(1 << 24)) / Float(1 << 23) - 1 }

  mutating func uniform(_ count: Int) -> [Float] { (0..<count).map { _ in uniform() } }
}
