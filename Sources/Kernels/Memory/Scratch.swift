/// Scratch memory that is handed out piece by piece; without memory it only counts what is wanted.
struct Scratch {
  private let start: UnsafeMutableRawPointer?
  private var used = 0

  init(_ start: UnsafeMutablePointer<Float>?) { self.start = start.map { UnsafeMutableRawPointer($0) } }

  /// Floats that have been handed out.
  var count: Int { (used + 3) / 4 }

  /// The next `count` values, aligned to a cache line where the memory's start is; they are not initialised.
  mutating func take<Value: BitwiseCopyable>(_ count: Int, of _: Value.Type) -> UnsafeMutablePointer<Value> {
    let place = used
    used += (count * MemoryLayout<Value>.stride + 63) & ~63
    // While counting nobody looks at what the pointer points to.
    return ((start ?? Self.nothing) + place).assumingMemoryBound(to: Value.self)
  }

  private static var nothing: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: 64)! }
}
