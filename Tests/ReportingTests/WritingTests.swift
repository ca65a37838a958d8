import Experiments
import Presentation
import Foundation
import FoundationXML
import Testing

@testable import Reporting

@Suite struct WritingTests {
  static let hasGnuplot = Program.exists("gnuplot")

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: Sample.allCases)
  func everyChartIsDrawn(sample: Sample) async throws {
    let record = sample.record
    try await withFolder { folder in
      let outcome = try await Report(record).write(into: folder)
      #expect(outcome.chartError == nil)
      #expect(outcome.charts == StudyCharts.all(StudyAnalysis(record, options: ReportOptions())).map(\.name))
      for chart in outcome.charts {
        let svg = try Data(contentsOf: outcome.folder.appending(path: "charts/\(chart).svg"))
        #expect(XMLParser(data: svg).parse(), "\(chart).svg is not XML")
        let png = try Data(contentsOf: outcome.folder.appending(path: "charts/\(chart).png"))
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "/tmp/bench-pwned"))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func theSameRecordGivesTheSameBytes() async throws {
    try await withFolder { folder in
      let report = Report(Samples.grid(seeds: 3))
      let first = try files(in: try await report.write(into: folder.appending(path: "a")).folder)
      let second = try files(
        in: try await Report(Samples.grid(seeds: 3)).write(into: folder.appending(path: "b")).folder)
      // Each chart is drawn twice, with its script and its data beside it.
      let charts = StudyCharts.all(StudyAnalysis(Samples.grid(seeds: 3), options: ReportOptions())).count
      #expect(first.count == 4 + charts * 4)
      #expect(first == second)
    }
  }

  @Test func theGridLiesBesideThePage() async throws {
    try await withFolder { folder in
      var record = Samples.modelABC(seeds: 1)
      record.gridText = "{\"name\": \"model-abc\"} // as it was"
      let outcome = try await Report(record, options: ReportOptions(gnuplot: nil)).write(into: folder)
      #expect(try String(contentsOf: outcome.folder.appending(path: "grid.json"), encoding: .utf8) == record.gridText)
      let page = try String(contentsOf: outcome.folder.appending(path: "index.html"), encoding: .utf8)
      for name in ["grid.json", "results.csv", "results.json", "README.md"] {
        #expect(page.contains("<a href=\"\(name)\">"))
      }
    }
  }

  @Test(arguments: ["/nonexistent/gnuplot", "no-such-gnuplot-anywhere", "/bin/false", "/bin/true"])
  func withoutAWorkingGnuplotAllElseIsWritten(program: String) async throws {
    try await withFolder { folder in
      let outcome = try await Report(Samples.modelABC(), options: ReportOptions(gnuplot: program)).write(into: folder)
      #expect(outcome.charts.isEmpty)
      let problem = try #require(outcome.chartError)
      #expect(problem.hasPrefix("There are no charts: ") && problem.contains(program))
      let names = try files(in: outcome.folder).keys
      #expect(
        ["README.md", "index.html", "results.csv", "results.json", "charts/loss.gp", "charts/loss.tsv"].allSatisfy(
          names.contains))
      let readme = try String(contentsOf: outcome.folder.appending(path: "README.md"), encoding: .utf8)
      #expect(readme.contains("There are no charts") && !readme.contains("!["))
      let page = try String(contentsOf: outcome.folder.appending(path: "index.html"), encoding: .utf8)
      #expect(page.contains("There are no charts"))
    }
  }

  @Test func aReportTakesThePlaceOfTheOneBefore() async throws {
    try await withFolder { folder in
      let options = ReportOptions(gnuplot: nil)
      let old = try await Report(Samples.modelABC(), options: options).write(into: folder)
      try Data("stale".utf8).write(to: old.folder.appending(path: "charts/stale.svg"))
      let new = try await Report(Samples.modelABC(seeds: 2), options: options).write(into: folder)
      #expect(new.folder == old.folder)
      #expect(!FileManager.default.fileExists(atPath: new.folder.appending(path: "charts/stale.svg").path()))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["model-abc"])
    }
  }

  @Test func aFolderOfSomethingElseIsLeftAlone() async throws {
    try await withFolder { folder in
      let own = folder.appending(path: "model-abc")
      try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
      try Data("my notes".utf8).write(to: own.appending(path: "notes.md"))
      await #expect(throws: ReportError.notAReport(path: own.path() + "/")) {
        try await Report(Samples.modelABC(), options: ReportOptions(gnuplot: nil)).write(into: folder)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["model-abc"])
      #expect(try String(contentsOf: own.appending(path: "notes.md"), encoding: .utf8) == "my notes")
    }
  }

  @Test func whereNothingCanBeWrittenTheErrorSaysWhere() async throws {
    try await withFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      let error = await #expect(throws: ReportError.self) {
        try await Report(Samples.modelABC(), options: ReportOptions(gnuplot: nil)).write(into: file)
      }
      #expect(error?.description.contains("file/model-abc") == true)
    }
  }

  @Test func timeOfWritingIsAllThatDiffers() {
    let early = Report(Samples.modelABC(), options: ReportOptions(writtenAt: "EARLY")).text(.html)
    let late = Report(Samples.modelABC(), options: ReportOptions(writtenAt: "LATE")).text(.html)
    #expect(early != late && early.replacing("EARLY", with: "LATE") == late)
    for format in [OutputFormat.json, .csv] {
      #expect(!Report(Samples.modelABC(), options: ReportOptions(writtenAt: "EARLY")).text(format).contains("EARLY"))
    }
  }

  @Test func thousandsOfTrialsMakeNoHeavyReport() throws {
    let report = Report(Samples.many(1000, seeds: 10, points: 20, evaluations: 4))
    #expect(report.text(.md).utf8.count < 200_000)
    #expect(report.text(.html).utf8.count < 4_000_000)
    #expect(report.text(.csv).split(separator: "\r\n").count == 10_001)
  }

  private func files(in folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) {
      let file = folder.appending(path: name)
      if try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
        files[name] = try Data(contentsOf: file)
      }
    }
    return files
  }
}

/// Runs `body` with a folder of its own, which is gone afterwards.
func withFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "bench-reports-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder)
}

/// Programs that tests need and a machine may lack.
enum Program {
  static func exists(_ name: String) -> Bool { path(of: name) != nil }

  static func path(of name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
