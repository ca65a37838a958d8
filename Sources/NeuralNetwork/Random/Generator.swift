/// PyTorch's random numbers on a CPU: MT19937 as `torch.manual_seed` seeds it, and what is drawn from it.
///
/// Source: Matsumoto & Nishimura 1998, "Mersenne Twister".
package final class Generator {
  private static let size = 624
  private static let shift = 397

  private let words = UnsafeMutablePointer<UInt32>.allocate(capacity: Generator.size)
  /// The draws that the words stand for.
  private let draws = UnsafeMutablePointer<UInt32>.allocate(capacity: Generator.size)
  private var position = Generator.size
  /// The second of a pair of normal numbers, which the next draw of one takes.
  var nextNormal: Double?

  /// Creates a generator as `torch.manual_seed(seed)` leaves PyTorch's; only the seed's low 32 bits count.
  package init(seed: UInt64) { reseed(seed) }

  /// Creates a generator that goes on where another stood.
  package init(_ state: State) {
    restore(state)
  }

  deinit {
    words.deallocate()
    draws.deallocate()
  }

  /// Starts anew from a seed.
  package func reseed(_ seed: UInt64) {
    words[0] = UInt32(truncatingIfNeeded: seed)
    for index in 1..<Generator.size {
      let last = words[index - 1]
      words[index] = 1_812_433_253 &* (last ^ (last >> 30)) &+ UInt32(index)
    }
    position = Generator.size
    nextNormal = nil
  }

  /// The next draw, uniform over all 32 bits.
  package func nextUInt32() -> UInt32 {
    if position == Generator.size { twist() }
    position += 1
    return draws[position - 1]
  }

  /// Two draws, the first in the high half.
  package func nextUInt64() -> UInt64 {
    if position + 2 <= Generator.size {
      position += 2
      return UInt64(draws[position - 2]) << 32 | UInt64(draws[position - 1])
    }
    let high = UInt64(nextUInt32())
    return high << 32 | UInt64(nextUInt32())
  }

  /// Hands out the pairs of draws that are at hand, up to as many as are asked for.
  ///
  /// - Returns: How many; 0 where the next pair is not whole.
  func takePairs(atMost count: Int, _ body: (_ draws: UnsafePointer<UInt32>, _ pairs: Int) -> Void) -> Int {
    if position == Generator.size { twist() }
    let pairs = min((Generator.size - position) / 2, count)
    body(draws + position, pairs)
    position += 2 * pairs
    return pairs
  }

  private func twist() {
    func mixed(_ index: Int, _ next: Int, _ far: Int) -> UInt32 {
      let joined = (words[index] & 0x8000_0000) | (words[next] & 0x7fff_ffff)
      return words[far] ^ (joined >> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
    }
    let (size, shift) = (Generator.size, Generator.shift)
    for index in 0..<size - shift { words[index] = mixed(index, index + 1, index + shift) }
    for index in size - shift..<size - 1 { words[index] = mixed(index, index + 1, index + shift - size) }
    words[size - 1] = mixed(size - 1, 0, shift - 1)
    position = 0
    temper()
  }

  /// Makes the draws of all words at once, which a compiler does in vectors.
  private func temper() {
    for index in 0..<Generator.size {
      var word = words[index]
      word ^= word >> 11
      word ^= (word << 7) & 0x9d2c_5680
      word ^= (word << 15) & 0xefc6_0000
      draws[index] = word ^ (word >> 18)
    }
  }
}

extension Generator {
  /// Where a generator stands: what is needed to go on with the same numbers.
  package struct State: Hashable, Sendable, Codable {
    /// The 624 words of MT19937.
    package var words: [UInt32]
    /// How many of the words are used up.
    package var position: Int
    /// The second of a pair of normal numbers that is still to be handed out.
    package var nextNormal: Double?

    /// Checks and creates a state; `nil` where the sizes can't be a generator's.
    package init?(words: [UInt32], position: Int, nextNormal: Double?) {
      guard words.count == Generator.size, (0...Generator.size).contains(position) else { return nil }
      (self.words, self.position, self.nextNormal) = (words, position, nextNormal)
    }
  }

  /// Where the generator stands.
  package var state: State {
    let words = Array(UnsafeBufferPointer(start: words, count: Generator.size))
    guard let state = State(words: words, position: position, nextNormal: nextNormal) else {
      preconditionFailure("a generator always has a state")
    }
    return state
  }

  /// Goes on where another generator stood.
  package func restore(_ state: State) {
    precondition(state.words.count == Generator.size && (0...Generator.size).contains(state.position))
    for (index, word) in state.words.enumerated() { words[index] = word }
    position = state.position
    nextNormal = state.nextNormal
    temper()
  }
}
