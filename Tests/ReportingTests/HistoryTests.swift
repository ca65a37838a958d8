import Comparing
import Experiments
import Foundation
import FoundationXML
import Presentation
import Testing

@testable import Reporting

@Suite struct HistoryTests {
  private func row(_ history: StudyHistory, _ hash: String, _ metric: ComparedMetric) throws -> StudyHistory.Row {
    try #require(history.rows.first { $0.hash == hash && $0.metric == metric })
  }

  private func json(_ history: StudyHistory) throws -> JSONValue {
    var reader = JSONReader(Array(history.json.utf8))
    return try reader.read().value
  }

  @Test func aLossIsFoundOnItsNightAndNamedWithItsCommit() throws {
    let history = StudyHistory(NightSamples.nights(12, configurations: 3), study: "nightly")
    #expect(history.metrics == [.testAccuracy, .imagesPerSecond])
    let found = try row(history, "hash0", .testAccuracy).series[0].found
    #expect(found.changes.map(\.index) == [6])
    let steady = try row(history, "hash2", .testAccuracy)
    #expect(!steady.hasChanged)
    #expect(HistorySections.headline(history) == "Changes found in 2 of 6 rows.")
    #expect(history.text(.text).contains("(−0.5"), "\(history.text(.text))")
    #expect(history.text(.md).contains(", commit 666666666666 |"), "\(history.text(.md))")
  }

  @Test func numbersOfMachinesKeepToOneMachine() throws {
    let nights = NightSamples.nights(12)
    let speeds = try row(StudyHistory(nights, study: "nightly"), "hash0", .imagesPerSecond)
    #expect(speeds.series.map(\.points.count) == [8, 4])
    #expect(speeds.series.map { $0.machine?.program } == ["0.1.0", "0.2.0"])
    // A tenth faster on the other program, which is no change of either series.
    #expect(speeds.series.flatMap(\.found.changes).allSatisfy { abs($0.after - $0.before) < 200 })
    // Two machines that take turns are two series; nights on several at once are in none.
    var mixed = nights
    for index in mixed.indices {
      mixed[index].machine = index == 5 ? nil : NightSamples.machine
      if index.isMultiple(of: 2) { mixed[index].machine?.host = "other" }
    }
    let turns = try row(StudyHistory(mixed, study: "nightly"), "hash0", .imagesPerSecond)
    #expect(turns.series.map { $0.machine?.host } == ["other", "night"])
    #expect(turns.series.map(\.points.count) == [6, 5] && turns.nightsWithoutMachine == 1)
    let accuracy = try row(StudyHistory(mixed, study: "nightly"), "hash0", .testAccuracy)
    #expect(accuracy.series.map(\.points.count) == [12])
    let text = StudyHistory(mixed, study: "nightly").text(.md)
    #expect(text.contains("a series of its own from here (other host)") && text.contains("5 of 12"), "\(text)")
    #expect(text.contains("ran in several places"))
  }

  @Test(arguments: [0, 1, 2, 5]) func fewNightsHaveNoChangesAndSayWhy(count: Int) {
    let history = StudyHistory(NightSamples.nights(count), study: "nightly")
    #expect(history.rows.allSatisfy { !$0.hasChanged })
    #expect(HistorySections.headline(history).hasPrefix(count == 0 ? "No night has" : "Too few nights"))
    #expect(HistoryChart.all(history).count == (count > 1 ? 2 : 0))
    #expect(!history.text(.text).isEmpty && !history.text(.md).isEmpty)
  }

  @Test func nightsAreSortedAndMissingOnesLeftOut() throws {
    var nights = NightSamples.nights(9)
    nights[3].configurations = []
    nights[4].configurations[0].values[0].mean = .nan
    let history = StudyHistory(nights.shuffled(), study: "nightly")
    #expect(history.nights == nights)
    #expect(try row(history, "hash0", .testAccuracy).series[0].points.map(\.night) == [0, 1, 2, 5, 6, 7, 8])
  }

  @Test func machineFormsHoldWhatIsStored() throws {
    let nights = NightSamples.nights(12, configurations: 2)
    let history = StudyHistory(nights, study: "nightly", metrics: [.testAccuracy])
    let root = try json(history)
    #expect(root["schema"]?.string == "bench.history" && root["nights"]?.array?.count == 12)
    let series = try #require(root["series"]?.array?.first)
    #expect(
      series["values"]?.array?.compactMap { $0["mean"]?.double }
        == nights.map { $0.configurations[0].values[0].mean })
    let change = try #require(series["changes"]?.array?.first)
    #expect(change["night"]?.int == 6 && change["last_night_before"]?.int == 5)
    #expect(change["date"]?.string == "2026-11-07T03:17:00Z" && change["commit"]?.string == nights[6].commit)
    let lines = history.text(.csv).split(separator: "\r\n")
    #expect(lines.count == 1 + 24)
    // The labels have a comma, and so quotes.
    #expect(lines[0].count { $0 == "," } + 1 == lines[1].count { $0 == "," })
    #expect(lines.count { $0.hasSuffix(",1") } == 2)
  }

  @Test func namesAreData() throws {
    var nights = NightSamples.nights(8, configurations: 6, labels: Samples.hostileNames)
    for index in nights.indices {
      nights[index].study = Samples.hostileNames[0]
      nights[index].commit = "|**x**<script>"
      nights[index].machine?.host = "'; set output '/tmp/bench-pwned'"
    }
    let history = StudyHistory(nights, study: Samples.hostileNames[0])
    #expect(!history.text(.md).contains("<script>"))
    #expect(!history.text(.text).contains("\u{1B}"))
    let columns = history.text(.md).split(separator: "\n").filter { $0.hasPrefix("| ") }
      .map { $0.replacing("\\|", with: "").count { $0 == "|" } }
    #expect(Set(columns) == [8])
    for chart in HistoryChart.all(history) { #expect(!chart.script.contains("\u{1B}")) }
  }

  @Test(.enabled(if: WritingTests.hasGnuplot, "gnuplot is not installed"), arguments: [1, 5, 13])
  func chartsAreDrawn(configurations: Int) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-history-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let history = StudyHistory(
      NightSamples.nights(12, configurations: configurations, labels: configurations == 5 ? Samples.hostileNames : nil),
      study: "nightly")
    for _ in 0..<2 {
      let outcome = try await history.write(into: folder)
      #expect(outcome.chartError == nil)
      #expect(outcome.charts.count == 2 * ((configurations + 5) / 6))
      for chart in outcome.charts {
        let svg = try Data(contentsOf: folder.appending(path: "charts/\(chart).svg"))
        #expect(XMLParser(data: svg).parse(), "\(chart).svg is not XML")
        let readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("](charts/\(chart).svg)"))
      }
    }
    #expect(!FileManager.default.fileExists(atPath: "/tmp/bench-pwned"))
  }

  @Test func aFolderOfSomethingElseIsLeftAlone() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-history-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: folder.appending(path: "README.md"))
    let history = StudyHistory(NightSamples.nights(3), study: "nightly")
    let error = await #expect(throws: ReportError.self) { try await history.write(into: folder, gnuplot: nil) }
    #expect(error?.description.contains("it has no history.json") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["README.md"])
  }

  @Test func aReportShowsTheHistoryOfItsConfigurations() throws {
    let record = Samples.modelABC()
    var nights = NightSamples.nights(12, configurations: 4)
    for index in nights.indices {
      for (position, row) in record.configurations.enumerated() {
        nights[index].configurations[position].hash = row.hash
        nights[index].configurations[position].label = row.configuration.label
      }
    }
    var options = ReportOptions()
    options.nights = nights
    let analysis = StudyAnalysis(record, options: options)
    var charts = StudyCharts.all(analysis)
    #expect(charts.map(\.name).suffix(2) == ["history-test-accuracy", "history-images-per-second"])
    for index in charts.indices { charts[index].svg = "<svg viewBox=\"0 0 1 1\"/>" }
    let readme = ReportMarkdown.render(analysis, charts: charts)
    let section = try #require(readme.ranges(of: "## History\n").first)
    #expect(
      readme[section.upperBound...].contains("![Test accuracy, night after night](charts/history-test-accuracy.svg)"))
    #expect(!readme[..<section.lowerBound].contains("history-"))
    #expect(!readme.contains("padding same |"), "a configuration of nights alone is not the report's")
    let page = ReportPage.render(analysis, charts: charts)
    #expect(page.contains("<section id=\"history\">") && page.contains("<a href=\"#history\">History</a>"))
    #expect(page.contains("<figure id=\"chart-history-test-accuracy\">"))
    options.nights = [nights[0]]
    let one = StudyAnalysis(record, options: options)
    #expect(!ReportMarkdown.render(one, charts: []).contains("## History"))
    #expect(!ReportPage.render(one, charts: []).contains("id=\"history\""))
  }
}

@Suite struct NightDateTests {
  @Test(arguments: [60.0, 3000, 86_000, 86_400, 90_000, 3e5, 2e6, 1e7, 4e7, 3e8, 5e9])
  func ticsAreFewDistinctAndWithinTheAxis(span: Double) {
    for start in [0, 1_793_503_020, 1_798_761_500.0] {
      for most in [2, 4, 8] {
        let tics = NightDate.tics(from: start, to: start + span, most: most)
        #expect(!tics.isEmpty && tics.count <= most, "\(span), \(most): \(tics)")
        #expect(Set(tics.map(\.label)).count == tics.count, "\(span), \(most): \(tics)")
        #expect(tics.allSatisfy { (start...start + span).contains($0.seconds) }, "\(span), \(most): \(tics)")
      }
    }
  }

  @Test func namesDays() {
    #expect(NightDate.day(1_793_503_020) == "2026-11-01")
    #expect(NightDate.axisTitle(from: 1_793_503_020, to: 1_793_503_920) == "time (UTC), 1 Nov 2026")
    #expect(NightDate.axisTitle(from: 1_793_503_020, to: 1_799_503_920) == "date (UTC), 2026 to 2027")
    for strange in [Double.nan, .infinity, -.infinity, 1e300, -1e300] {
      #expect(NightDate.day(strange).count == 10 && !TimeText.exact(strange).isEmpty)
      #expect(!NightDate.tics(from: 0, to: strange, most: 4).isEmpty)
    }
  }
}
