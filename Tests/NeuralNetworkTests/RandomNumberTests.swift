import Testing

@testable import NeuralNetwork

/// The generator hands out PyTorch's numbers, bit by bit.
@Suite struct RandomNumberTests {
  struct Manifest: Decodable { let cases: [Case] }
  struct Case: Decodable {
    let seed: String
    let int64: [String]
    let uniform: [Int32]
    let permutation: [Int32]
    let wide_permutation: [Int32]
    let permutation_of_one: [Int32]
    let bernoulli: [Int]
    let normal: [String: [Int32]]
    let next: UInt32
    let first_epoch: [Int32]
    let second_epoch: [Int32]
    let after_epochs: String
  }

  private let cases: [Case]

  init() throws { cases = try (Fixtures.json("random_numbers.json") as Manifest).cases }

  @Test func drawsAreThoseOfPyTorch() throws {
    #expect(cases.count == 6)
    for entry in cases {
      let generator = Generator(seed: try #require(UInt64(entry.seed)))
      #expect(entry.int64.map { _ in String(generator.nextInt64()) } == entry.int64)
      let uniform = (0..<700).map { _ in bits(generator.uniform(from: -0.3, to: 0.7)) }
      #expect(Array(uniform.suffix(8)) == entry.uniform)
      #expect(generator.permutation(40) == entry.permutation)
      #expect(generator.permutation(1) == entry.permutation_of_one)
      #expect(entry.bernoulli.map { _ in generator.bernoulli(0.3) ? 1 : 0 } == entry.bernoulli)
      for count in [1, 2, 5, 15, 16, 17, 40, 1000] {
        let normal = generator.normal(count, mean: 0.5, std: 2).map(bits)
        let expected = try #require(entry.normal["\(count)"])
        #expect(Array(normal.suffix(20)) == expected, "seed \(entry.seed), \(count) normal numbers")
      }
      #expect(UInt32(truncatingIfNeeded: generator.nextInt64()) == entry.next)
    }
  }

  /// At the probabilities' edges too, where one draw more or less would tell.
  @Test func manyDrawsAtOnceAreTheSame() {
    for probability in [0, 1e-300, 0.25, 0.3, 0.5, 0.9, 1 - 0x1p-53, 1] {
      let (generator, other) = (Generator(seed: 5), Generator(seed: 5))
      for (round, count) in [1, 2, 623, 7, 1_000, 50, 3, 311, 624, 2_000].enumerated() {
        // Pairs that begin at an odd draw, so that some come out of two fillings.
        if round % 3 == 1 { #expect(generator.nextUInt32() == other.nextUInt32()) }
        var factors = [Float](repeating: -1, count: count + 1)
        generator.bernoulli(probability, times: 1.25, count: count, into: &factors)
        #expect(factors == (0..<count).map { _ in other.bernoulli(probability) ? 1.25 : 0 } + [-1])
      }
    }
    for draw in [0, 1, 0x1f_ffff_ffff_fffe, 0x1f_ffff_ffff_ffff] as [Int64] {
      for step in [-1, 0, 1] as [Int64] {
        let probability = Double(draw + step) * 0x1p-53
        #expect((draw < Generator.bernoulliBound(probability)) == (Double(draw) * 0x1p-53 < probability))
      }
    }
  }

  @Test func permutationsOfManyItemsTakeTwoDrawsAnItem() throws {
    for entry in cases {
      let generator = Generator(seed: try #require(UInt64(entry.seed)))
      #expect(generator.widePermutation(40) == entry.wide_permutation)
    }
  }

  @Test func epochsComeInTheOrderOfADataLoader() throws {
    for entry in cases {
      let generator = Generator(seed: try #require(UInt64(entry.seed)))
      let first = generator.epochOrder(count: 23, shuffle: true)
      // In the middle of the epoch the script reads a test loader, and a shuffled one.
      #expect(generator.drawLoader(shuffle: false) == nil)
      #expect(generator.drawLoader(shuffle: true) != nil)
      #expect(first == entry.first_epoch)
      #expect(generator.epochOrder(count: 23, shuffle: true) == entry.second_epoch)
      #expect(String(generator.nextInt64()) == entry.after_epochs)
    }
  }

  @Test func anEpochInOrderDrawsTheBaseSeedOnly() {
    let (generator, other) = (Generator(seed: 3), Generator(seed: 3))
    #expect(generator.epochOrder(count: 4, shuffle: false) == [0, 1, 2, 3])
    _ = other.nextInt64()
    #expect(generator.state == other.state)
  }

  @Test func aRestoredStateGoesOnWithTheSameNumbers() throws {
    let generator = Generator(seed: 11)
    _ = generator.normal(3)
    let state = generator.state
    let expected = (generator.normal(2), (0..<700).map { _ in generator.nextUInt32() })
    let restored = Generator(state)
    #expect(restored.normal(2) == expected.0)
    #expect((0..<700).map { _ in restored.nextUInt32() } == expected.1)
    #expect(restored.state == generator.state && restored.state != state)
    #expect(Generator.State(words: [1], position: 0, nextNormal: nil) == nil)
    #expect(Generator.State(words: state.words, position: 625, nextNormal: nil) == nil)
  }

  private func bits(_ value: Float) -> Int32 { Int32(bitPattern: value.bitPattern) }
}
