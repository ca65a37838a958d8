import Experiments
import Testing

@testable import Reporting

@Suite struct InteractionTests {
  /// The grid with a score of one's own: by rate, padding and seed.
  private func record(seeds: Int = 6, _ score: (Int, Int, Int) -> Double) -> StudyRecord {
    var record = Samples.grid(seeds: seeds)
    for index in record.configurations.indices {
      for seed in record.configurations[index].trials.indices {
        let last = record.configurations[index].trials[seed].evaluations.count - 1
        record.configurations[index].trials[seed].evaluations[last].test?.accuracy = score(index / 3, index % 3, seed)
      }
    }
    return record
  }

  private func interaction(_ record: StudyRecord) -> AxisInteraction? {
    StudyAnalysis(record, options: ReportOptions()).interaction
  }

  @Test func effectsThatAddUpHaveNone() throws {
    let found = try #require(interaction(record { 0.9 - 0.01 * Double($0) + 0.02 * Double($1) + 0.001 * Double($2) }))
    #expect(found.size < 1e-12)
    #expect(found.p > 0.05)
    #expect([found.first.path, found.second.path] == ["optimizer.lr", "model.padding"])
  }

  @Test func aCellThatStandsOutIsFound() throws {
    let found = try #require(
      interaction(record { 0.9 + 0.001 * Double($0) + ($0 == 3 && $1 == 2 ? 0.06 : 0) + 0.0001 * Double($2) }))
    let farthest = try #require(found.farthest)
    #expect(farthest.first == "0.003" && farthest.second == "full")
    // 0.06 less its share of the row's, the column's and the whole table's mean: 0.06 · (1 − 1/3) · (1 − 1/4).
    #expect(abs(farthest.cell.departure - 0.03) < 1e-12)
    #expect(found.p == 0.03125)
    for cells in found.cells { #expect(abs(cells.reduce(0) { $0 + $1.departure }) < 1e-12) }
  }

  @Test func valuesWithoutScoresAreLeftOutAndNamed() throws {
    let analysis = StudyAnalysis(Samples.troubled(), options: ReportOptions())
    let found = try #require(analysis.interaction)
    #expect(found.leftOut.contains { $0.path == "optimizer.lr" && $0.value == "0.1" })
    let text = Report(Samples.troubled()).text(.md)
    #expect(text.contains("Left out, because scores are missing there: learning rate 0.1"))
    #expect(text.contains("5 seeds can't tell whether"))
  }

  @Test func itStandsBesideTheHeatMapAlone() {
    #expect(interaction(Samples.modelABC()) == nil)
    #expect(interaction(Samples.many(8, seeds: 6)) == nil)
    #expect(interaction(record(seeds: 1) { rate, _, _ in 0.9 + 0.01 * Double(rate) })?.seeds == 1)
    let charts = StudyCharts.all(StudyAnalysis(Samples.grid(), options: ReportOptions())).map(\.name)
    #expect(charts.contains("heatmap") && Report(Samples.grid()).text(.md).contains("## Interaction of"))
  }
}
