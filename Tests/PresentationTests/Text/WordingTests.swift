import Presentation
import Testing

@Suite struct WordingTests {
  @Test(arguments: [(0, "0 trials"), (1, "1 trial"), (1_200, "1,200 trials")])
  func oneIsSingular(count: Int, text: String) { #expect(counted(count, "trial") == text) }

  @Test(arguments: [
    ([], "nothing"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
  ])
  func theLastTwoAreJoinedByAWord(words: [String], text: String) {
    #expect(joined(words) == text)
    #expect(alternatives(words) == text.replacing(" and ", with: " or "))
  }

  @Test(arguments: [
    ([], "none"), (["a", "b"], "a, b"), (["a", "b", "c"], "a, b and 1 more"),
  ])
  func aLongListSaysHowManyItLeavesOut(names: [String], text: String) { #expect(listed(names, limit: 2) == text) }

  @Test func bytesAreTwoDigitsEach() {
    #expect(hexadecimal([0, 9, 16, 255] as [UInt8]) == "000910ff")
    #expect(hexadecimal([0, 255] as [UInt8], separator: " ") == "00 ff")
    #expect(hexadecimal(0x1_2345_6789 as UInt64, bytes: 8) == "0000000123456789")
    #expect(hexadecimal(0x1_2345_6789 as UInt64, bytes: 3) == "456789")
  }
}
