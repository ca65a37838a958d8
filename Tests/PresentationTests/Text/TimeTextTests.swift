import Testing

@testable import Presentation

@Suite struct TimeTextTests {
  @Test(arguments: [
    (1_793_676_225.9, "2026-11-03T03:23:45Z"), (0, "1970-01-01T00:00:00Z"), (-5, "1970-01-01T00:00:00Z"),
    (.nan, "1970-01-01T00:00:00Z"), (.infinity, "1970-01-01T00:00:00Z"), (1e300, "9999-12-31T23:59:59Z"),
  ])
  func pointsInTimeAreUTCToTheSecond(seconds: Double, text: String) { #expect(TimeText.exact(seconds) == text) }
}
