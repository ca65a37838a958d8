import Foundation
import Reporting
import Testing

@Suite(.serialized) struct PreviewTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["REPORT_PREVIEW"] != nil)) func preview() async throws {
    let folder = URL(filePath: ProcessInfo.processInfo.environment["REPORT_PREVIEW"] ?? "/tmp/preview")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let options = ReportOptions(writtenAt: "2026-11-21 03:50 UTC")
    for record in [
      Samples.modelABC(), Samples.grid(), Samples.many(34, seeds: 4), Samples.hostile(), Samples.reconstruction(),
      Samples.constant(),
    ] {
      print(try await Report(record, options: options).write(into: folder))
    }
    var troubled = Samples.troubled()
    troubled.name = "troubled"
    print(try await Report(troubled, options: options).write(into: folder))
    var one = Samples.modelABC(seeds: 1)
    one.name = "one-seed"
    print(try await Report(one, options: options).write(into: folder))
    var many = Samples.many(1000, seeds: 10)
    many.name = "ten-thousand"
    let clock = ContinuousClock()
    var report: Report?
    print("analysis", clock.measure { report = Report(many, options: options) })
    for format in ReportFormat.allCases { print(format, clock.measure { _ = report?.text(format).count }) }
    print("whole", try await clock.measure { _ = try await Report(many, options: options).write(into: folder) })
  }
}
