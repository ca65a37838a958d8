import Experiments
import Presentation
import Testing

@testable import Reporting

/// One name per configuration, whatever shows it.
@Suite struct NamesTests {
  @Test(arguments: Sample.allCases) func aNameIsTheSameInEveryChartAndTable(sample: Sample) throws {
    let analysis = StudyAnalysis(sample.record, options: ReportOptions())
    let names = analysis.configurations.map(\.label)
    #expect(Set(names).count == names.count)
    let choice = SeriesChoice(analysis)
    for index in choice.named { #expect(choice.label(index) == names[index]) }
    let known = Set(names)
    for chart in StudyCharts.all(analysis) where ["final", "speed", "accuracy", "loss"].contains(chart.name) {
      for heading in chart.data.matches(of: /(?m)^# (.+?)(?:: (?:seeds|mean|interval|beyond .*))?$/) {
        let heading = String(heading.1)
        guard !heading.contains("\t"), heading != "not named" else { continue }
        #expect(known.contains(heading), "\(chart.name): \(heading)")
      }
    }
    let ranking = RankingSection.table(analysis, limit: 100, withCosts: true)?.rows.map { $0[1].text }
    #expect(ranking.map { Set($0).isSubset(of: known) } ?? true)
  }

  /// `--only` shows a part of a study under the names that it has in the whole.
  @Test func aPartHasTheNamesOfTheWhole() {
    let record = Samples.grid()
    let whole = RankedStudy(record, options: ReportOptions())
    let only = record.configurations.prefix(3).map(\.configuration.label)
    let part = RankedStudy(record, options: ReportOptions(only: only))
    #expect(part.configurations.map(\.label) == whole.configurations.prefix(3).map(\.label))
    #expect(part.configurations[0].label == "0.1 · valid")
  }

  /// The shipped grid whose names lost what tells them apart.
  @Test func namesAreGivenOnceInFull() throws {
    let text = Report(Samples.grid()).text(.md)
    #expect(text.contains("A name says learning rate · padding."))
    #expect(text.contains("| 0.1 · valid | lr 0.1, padding valid |"))
    #expect(!text.contains("(2)") && !Report(Samples.names()).text(.md).contains("(2)"))
    #expect(NamesSection.section(StudyAnalysis(Samples.modelABC(), options: ReportOptions()), limit: 9) == nil)
  }

  @Test func annotationsOfAWorkflowHaveTheLabelInFull() {
    #expect(Report(Samples.troubled()).workflowCommands.contains { $0.contains("lr 0.1, padding") })
  }
}
