import Experiments
import Testing

@testable import Reporting

@Suite struct StepSummaryTests {
  @Test(arguments: Sample.allCases, [1 << 20, 20_000, 3000, 400, 10])
  func itKeepsWithinItsSize(sample: Sample, bytes: Int) {
    #expect(Report(sample.record).stepSummary(maximumBytes: bytes).utf8.count <= bytes)
  }

  @Test func itHasTheTablesAndNoPictures() {
    let text = Report(Samples.troubled()).stepSummary(maximumBytes: 1 << 20)
    #expect(text.contains("## Ranking") && text.contains("## What failed") && !text.contains("!["))
    let large = Report(Samples.many(200, seeds: 1)).stepSummary(maximumBytes: 12_000)
    #expect(large.contains("## Ranking") && large.contains("more configurations are in results.csv"))
  }

  @Test func failuresAreErrorsAndDivergenceIsAWarning() {
    let commands = Report(Samples.troubled()).workflowCommands
    #expect(commands.count { $0.hasPrefix("::error title=Trial failed::") } == 2)
    #expect(commands.count { $0.hasPrefix("::warning title=Trial diverged::") } == 6)
    #expect(commands.contains { $0.contains("lr 0.1, padding full, seed 4: out of memory") })
    #expect(commands.allSatisfy { !$0.contains("\n") })
    #expect(Report(Samples.modelABC()).workflowCommands.isEmpty)
  }

  @Test func noMoreThanGitHubShows() {
    var record = Samples.many(15, seeds: 1)
    for index in record.configurations.indices { record.configurations[index].trials[0].state = .failed }
    let commands = Report(record).workflowCommands
    #expect(commands.count == 10 && commands[9].hasPrefix("::error title=More::6 more"))
  }
}
