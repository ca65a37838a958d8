import Foundation

/// How many rounds a test of mutated input makes: `BENCH_FUZZ_ROUNDS` says it, `make fuzz` says 100,000; otherwise few
/// enough for every day. A round's number is the seed of its mutations, so that one that fails can be made again.
public func fuzzRounds(everyDay: Int) -> Int {
  ProcessInfo.processInfo.environment["BENCH_FUZZ_ROUNDS"].flatMap { Int($0) } ?? everyDay
}

extension [UInt8] {
  /// The bytes after one to four changes of the kinds that find faults in readers of files.
  public func damaged(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes = self
    for _ in 0...Int.random(in: 0..<4, using: &random) { bytes.damage(&random) }
    return bytes
  }

  private mutating func damage(_ random: inout SeededGenerator) {
    // Headers decide what is read of the rest, so every other change is there.
    let reach = Bool.random(using: &random) ? Swift.min(count, 96) : count
    let place = isEmpty ? 0 : Int.random(in: 0..<reach, using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0 where !isEmpty: self[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where !isEmpty: self[place] = [0, 1, 0x7f, 0x80, 0xff, 0x28, 0x27, 0x39].randomElement(using: &random) ?? 0
    case 2: self = Array(prefix(place))
    case 3: self += (0...Int.random(in: 0..<40, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    case 4: insert(contentsOf: Array(self[place...].prefix(.random(in: 0..<20, using: &random))), at: place)
    case 5: replaceSubrange(place..<Swift.min(count, place + 4), with: [0xff, 0xff, 0xff, 0xff])
    default: removeSubrange(place..<Swift.min(count, place + .random(in: 0..<5, using: &random)))
    }
  }
}
