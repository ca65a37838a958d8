import Foundation
import Reporting
import Testing

@Suite struct PreviewTests {
  private static let folder = ProcessInfo.processInfo.environment["BENCH_REPORT_PREVIEW"]

  /// Writes every sample's report to look at: `BENCH_REPORT_PREVIEW=/tmp/preview swift test --filter PreviewTests`.
  @Test(.enabled(if: folder != nil, "BENCH_REPORT_PREVIEW names no folder"), arguments: Sample.allCases)
  func samplesCanBeLookedAt(sample: Sample) async throws {
    let folder = URL(filePath: try #require(Self.folder)).appending(path: sample.rawValue)
    let options = ReportOptions(writtenAt: "2026-11-21 03:50 UTC")
    let tuning = sample == .tuned ? try Tuning(sample.record, axis: "optimizer.lr", options: options) : nil
    let outcome = try await Report(sample.record, options: options, tuning: tuning).write(into: folder)
    #expect(outcome.chartError == nil)
  }
}
