import Experiments
import TestSupport
import Testing

@testable import Reporting

@Suite struct GoldenTests {
  @Test(arguments: [Sample.modelABC, .grid, .troubled, .hostile, .oneSeed, .reconstruction, .factorial])
  func markdown(sample: Sample) throws {
    let analysis = StudyAnalysis(sample.record, options: ReportOptions(writtenAt: "2026-11-21 03:40 UTC"))
    let charts = StudyCharts.all(analysis)
    try GoldenFile.expect(ReportMarkdown.render(analysis, charts: charts), is: "\(sample.rawValue).md")
  }

  @Test func terminalText() throws {
    try GoldenFile.expect(Report(Samples.modelABC()).text(.text), is: "model-abc.txt")
    let options = ReportOptions(at: .best, target: 0.96)
    try GoldenFile.expect(Report(Samples.troubled(), options: options).text(.text), is: "troubled-best.txt")
  }

  @Test func machineForms() throws {
    try GoldenFile.expect(Report(Samples.modelABC(seeds: 2)).text(.json), is: "model-abc.json")
    try GoldenFile.expect(Report(Samples.modelABC(seeds: 2)).text(.csv), is: "model-abc.csv")
    try GoldenFile.expect(Report(Samples.hostile()).text(.csv), is: "hostile.csv")
  }

  @Test func chartScripts() throws {
    for chart in StudyCharts.all(StudyAnalysis(Samples.modelABC(), options: ReportOptions())) {
      try GoldenFile.expect(chart.script, is: "model-abc-\(chart.name).gp")
    }
    for chart in StudyCharts.all(StudyAnalysis(Samples.troubled(), options: ReportOptions()))
    where ["heatmap", "learning-rate"].contains(chart.name) {
      try GoldenFile.expect(chart.script, is: "troubled-\(chart.name).gp")
      try GoldenFile.expect(chart.data, is: "troubled-\(chart.name).tsv")
    }
    for chart in StudyCharts.all(StudyAnalysis(Samples.factorial(), options: ReportOptions()))
    where ["variation", "parallel"].contains(chart.name) {
      try GoldenFile.expect(chart.script, is: "factorial-\(chart.name).gp")
      try GoldenFile.expect(chart.data, is: "factorial-\(chart.name).tsv")
    }
    let hostile = StudyCharts.all(StudyAnalysis(Samples.hostile(), options: ReportOptions()))
    try GoldenFile.expect(try #require(hostile.first { $0.name == "final" }).script, is: "hostile-final.gp")
  }
}
