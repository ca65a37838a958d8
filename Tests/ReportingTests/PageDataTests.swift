import Experiments
import Presentation
import Testing

@testable import Reporting

@Suite struct PageDataTests {
  private func data(_ record: StudyRecord, in surroundings: PageSurroundings = .nothing, drawn: [Chart] = [])
    -> JSONValue
  {
    let analysis = StudyAnalysis(record, options: ReportOptions())
    return PageData.value(
      analysis, curves: CurveCharts.all(analysis, SeriesChoice(analysis)), drawn: drawn, surroundings)
  }

  @Test func eachConfigurationIsThereOnceAndEachTrialPointsToIt() throws {
    let value = data(Samples.grid(seeds: 3))
    let configurations = try #require(value["configurations"]?.array)
    let trials = try #require(value["trials"]?.array)
    #expect(configurations.count == 12 && trials.count == 36)
    #expect(configurations[4]["name"]?.string == "0.03 · same")
    #expect(configurations[4]["values"]?.array == ["0.03", "same"])
    #expect(trials[13].array?[0].int == 4 && trials[13].array?[1].int == 1 && trials[13].array?[2].string == "done")
    // Configuration, seed and state stand before the columns.
    #expect(trials.allSatisfy { $0.array?.count == 3 + (value["columns"]?.array?.count ?? 0) })
  }

  @Test func curvesHaveTheMeansAndTheReachOfTheCharts() throws {
    let curves = try #require(data(Samples.modelABC())["curves"]?.array)
    #expect(curves.map { $0["name"]?.string } == ["accuracy", "loss"])
    let line = try #require(curves[0]["lines"]?.array?.first)
    #expect(line["x"]?.array?.compactMap(\.int) == [500, 1000, 1500, 2000, 2500, 3000])
    for (low, (mean, high)) in zip(
      line["low"]?.array ?? [], zip(line["mean"]?.array ?? [], line["high"]?.array ?? []))
    {
      #expect((low.double ?? 1) < (mean.double ?? 0) && (mean.double ?? 1) < (high.double ?? 0))
    }
    // One seed has no band.
    let single = data(Samples.modelABC(seeds: 1))["curves"]?.array?.first?["lines"]?.array?.first
    #expect(single?["mean"] != nil && single?["low"] == nil)
  }

  @Test func aSeedThatAScriptWouldRoundIsAText() throws {
    var record = Samples.modelABC(seeds: 2)
    record.configurations[0].trials[0].seed = .max
    record.configurations[0].trials[1].seed = 1 << 53
    let trials = try #require(data(record)["trials"]?.array)
    #expect(trials[0].array?[1].string == "18446744073709551615")
    #expect(trials[1].array?[1].int == 1 << 53)
  }

  @Test func evaluationsOfEachTrialAreThereWhereTheyAreFew() {
    let few = data(Samples.many(2, seeds: 2, evaluations: 3))["evaluations"]?.array
    #expect(few?.map { $0.array?.count } == [3, 3, 3, 3])
    #expect(data(Samples.many(10, seeds: 1, points: 1, evaluations: 2001))["evaluations"] == .null)
  }

  @Test func onlyFilesThatAreThereAreNamed() {
    let chart = Chart(name: "loss", title: "", caption: "")
    #expect(data(Samples.modelABC(), drawn: [chart])["drawn"] == [])
    let surroundings = PageSurroundings(links: ["README.md"])
    #expect(data(Samples.modelABC(), in: surroundings, drawn: [chart])["drawn"] == ["loss"])
  }
}
