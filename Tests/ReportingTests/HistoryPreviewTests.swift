import Foundation
import Reporting
import Testing

@Suite struct HistoryPreviewTests {
  private static let folder = ProcessInfo.processInfo.environment["BENCH_REPORT_PREVIEW"]

  /// Writes histories to look at: `BENCH_REPORT_PREVIEW=/tmp/preview swift test --filter HistoryPreviewTests`.
  @Test(
    .enabled(if: folder != nil, "BENCH_REPORT_PREVIEW names no folder"), arguments: [2, 3, 12, 60, 400], [1, 5, 12])
  func historiesCanBeLookedAt(nights: Int, configurations: Int) async throws {
    let folder = URL(filePath: try #require(Self.folder)).appending(path: "history-\(nights)-\(configurations)")
    let labels = configurations == 5 ? Samples.hostileNames : nil
    let history = StudyHistory(
      NightSamples.nights(nights, configurations: configurations, labels: labels), study: "nightly")
    let outcome = try await history.write(into: folder)
    #expect(outcome.chartError == nil)
  }
}
