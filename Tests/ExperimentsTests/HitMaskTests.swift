import Experiments
import Testing

@Suite struct HitMaskTests {
  @Test(arguments: [0, 1, 7, 8, 9, 64, 1000])
  func bitsAreLeastSignificantFirst(count: Int) throws {
    var mask = HitMask(count: count)
    #expect(mask.hits == 0 && mask.bytes.count == (count + 7) / 8)
    let right = (0..<count).filter { $0 % 3 == 0 }
    for index in right { mask[index] = true }
    #expect(mask.hits == right.count)
    for index in 0..<count { #expect((mask.bytes[index / 8] >> (index % 8) & 1 == 1) == (index % 3 == 0)) }
    #expect(HitMask(count: count, base64: mask.base64) == mask)
    #expect(HitMask(count: count, bytes: mask.bytes) == mask)
    for index in right { mask[index] = false }
    #expect(mask == HitMask(count: count))
  }

  @Test func textIsThatOfTheStandard() throws {
    let mask = try #require(HitMask(count: 10, bytes: [0b1000_0001, 0b10]))
    #expect(mask.base64 == "gQI=")
    #expect((0..<10).filter { mask[$0] } == [0, 7, 9])
  }

  @Test func bitsThatDoNotFitAreRefused() {
    #expect(HitMask(count: 9, bytes: [0]) == nil)
    #expect(HitMask(count: 8, bytes: [0, 0]) == nil)
    #expect(HitMask(count: 9, bytes: [0, 2]) == nil)
    #expect(HitMask(count: 9, bytes: [255, 1]) != nil)
    #expect(HitMask(count: -1, bytes: []) == nil)
    #expect(HitMask(count: 9, base64: "no base 64") == nil)
    #expect(HitMask(count: 9, base64: "gQ==") == nil)
  }
}
