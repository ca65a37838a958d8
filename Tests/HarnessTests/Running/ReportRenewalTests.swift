import Foundation
import Harness
import StudySupport
import Synchronization
import Testing

/// A report that is written anew while its study runs.
@Suite struct ReportRenewalTests {
  @Test func aReportIsWrittenWhenTheStudyHasChangedAndStandsStillAtItsEnd() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 10).text, to: "g.json")
      try await space.run { $0.limit = 1 }
      let folder = space.folder.appending(path: "reports", directoryHint: .isDirectory)
      let looks = Mutex(0)
      let pages = Mutex<[String]>([])
      func page() -> String {
        let study = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).first
        return (study?.appending(path: "index.html")).flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""
      }
      var begun = 0
      try await StudyReport.renew(
        in: folder, everySeconds: 0.1, until: { looks.withLock { $0 } == 3 },
        look: { study in
          looks.withLock { $0 += 1 }
          pages.withLock { $0.append(page()) }
          return try StudyReport(of: study, revision: nil, in: space.storePath, options: .init())
        }, began: { _ in begun += 1 })
      let seen = pages.withLock { $0 }
      // Nothing, the first page, and the same at the third look, which is the last.
      #expect(begun == 1 && seen.count == 3 && seen[0].isEmpty && seen[1] == seen[2])
      #expect(seen[1].contains("data-renewal=\"1\"") && !page().contains("data-renewal") && !page().isEmpty)
    }
  }
}
