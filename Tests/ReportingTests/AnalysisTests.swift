import Architectures
import Experiments
import Presentation
import Testing

@testable import Reporting

@Suite struct AnalysisTests {
  @Test func aAndCBeatBAndCannotBeToldApart() throws {
    let analysis = StudyAnalysis(Samples.modelABC(), options: ReportOptions())
    #expect(analysis.ranked.map(\.label) == ["Model A", "Model C", "Model B"])
    #expect(analysis.isDecided)
    #expect(analysis.ranked.map { analysis.study.isBold($0) } == [true, true, false])
    let comparison = try #require(analysis.ranked[2].comparison)
    #expect(try #require(comparison.p) < 0.001 && (try #require(comparison.interval)).upper < -0.02)
    #expect(analysis.pairs.map { ($0.p ?? 1) <= 0.05 } == [false, true, true])
    // One p for a pair, in both tables.
    #expect(analysis.pairs[1].p == comparison.p)
  }

  @Test func fewSeedsDecideNothingAndSaySo() {
    let analysis = StudyAnalysis(Samples.modelABC(seeds: 3), options: ReportOptions())
    #expect(!analysis.isDecided)
    #expect(!analysis.configurations.contains { analysis.study.isBold($0) })
    #expect(
      analysis.caveats.contains { $0.contains("3 seeds: nothing is tested") && $0.contains("4 seeds at least") })
    #expect(Report(Samples.modelABC(seeds: 3)).text(.text).contains(" ?\n"))
  }

  @Test func oneSeedHasNoSpread() {
    let analysis = StudyAnalysis(Samples.modelABC(seeds: 1), options: ReportOptions())
    #expect(analysis.configurations.allSatisfy { $0.interval == nil && $0.score?.standardDeviation == nil })
    #expect(analysis.caveats.contains { $0.hasPrefix("One seed") })
    #expect(!Report(Samples.modelABC(seeds: 1)).text(.md).contains("NaN"))
    #expect(!Report(Samples.modelABC(seeds: 1)).text(.text).contains("96.97 ±"))
  }

  @Test func divergedAndFailedTrialsAreCountedButNotAveraged() throws {
    let analysis = StudyAnalysis(Samples.troubled(), options: ReportOptions())
    #expect(analysis.configurations[0].score == nil)
    #expect(analysis.configurations[0].finishedText == "0 of 5")
    #expect(analysis.configurations[1].finishedText == "4 of 5")
    #expect(try #require(analysis.configurations[1].score).mean > 0.97)
    #expect(analysis.ranking.last == 0)
    let text = analysis.caveats.joined()
    #expect(text.contains("6 diverged and 1 failed") && text.contains("1 planned, 1 running, 1 stale"))
  }

  @Test func whatLostSeedsIsRankedLastAndComparedWithNothing() {
    let analysis = StudyAnalysis(Samples.troubled(), options: ReportOptions())
    // "lr 0.1, padding full" has the highest mean of its four seeds, but the fifth failed.
    #expect(analysis.best?.label == "0.03 · full" || analysis.best?.finished == 5)
    #expect(analysis.configurations[1].comparison == nil && analysis.configurations[2].comparison == nil)
    #expect(analysis.configurations[6].comparison != nil || analysis.best?.index == 6)
    let places = analysis.ranking.map { analysis.isWhole[$0] }
    #expect(places == places.sorted { $0 && !$1 })
    #expect(
      analysis.caveats.contains {
        $0.hasPrefix("Not compared and ranked last") && $0.contains("0.1 · same (4 of 5)")
      })
  }

  /// Sets the scores of a configuration, seed by seed; `nil` diverges.
  private func study(_ scores: [[Double?]]) -> StudyRecord {
    var record = Samples.modelABC(seeds: scores[0].count)
    for (index, values) in scores.enumerated() {
      for (seed, value) in values.enumerated() {
        let last = record.configurations[index].trials[seed].evaluations.count - 1
        record.configurations[index].trials[seed].evaluations[last].test?.accuracy = value
        if value == nil { record.configurations[index].trials[seed].state = .diverged }
      }
    }
    return record
  }

  private let noise = [0.0003, -0.0008, 0.0011, -0.0004, 0.0006, -0.0008]

  @Test(arguments: [2, 3, 5]) func whatDivergesDoesNotWin(diverged: Int) {
    let b = noise.enumerated().map { $0 < diverged ? nil : 0.976 + $1 }
    let analysis = StudyAnalysis(
      study([noise.map { 0.9702 + $0 }, b, noise.map { 0.93 - $0 }]), options: ReportOptions())
    #expect(analysis.ranked.map(\.label) == ["Model A", "Model C", "Model B"])
    #expect(analysis.best?.label == "Model A" && analysis.configurations[1].comparison == nil)
    #expect(analysis.configurations[2].comparison?.p ?? 1 < 0.001)
    #expect(analysis.caveats.contains { $0.contains("Model B (\(6 - diverged) of 6)") })
    #expect(analysis.pairs.count == 1)
  }

  @Test func aStuckConfigurationBlindsNothingElse() throws {
    var c = noise.map { 0.97 - $0 }
    (c[1], c[4]) = (0.1, 0.1)
    let analysis = StudyAnalysis(
      study([noise.map { 0.9702 + $0 }, noise.map { 0.9303 - $0 }, c]), options: ReportOptions())
    let pair = try #require(analysis.pairs.first { $0.first.label == "Model A" && $0.second.label == "Model B" })
    #expect(try #require(pair.p) < 0.001 && (try #require(pair.interval)).lower > 0.03)
    #expect(analysis.configurations[1].comparison?.p == pair.p)
    let interval = try #require(analysis.configurations[2].interval)
    #expect(interval.lower >= 0 && interval.upper <= 1)
    #expect(analysis.caveats.contains { $0.hasPrefix("Model C: seeds 1, 4 ended far from the others") })
    let text = Report(study([noise.map { 0.9702 + $0 }, noise.map { 0.9303 - $0 }, c])).text(.md)
    #expect(text.contains("It is better than Model B by 3.99 points"))
  }

  @Test func equalBitsUnderOtherSeedsAreNoReplicates() throws {
    var record = Samples.modelABC(seeds: 6)
    for configuration in 0..<3 {
      for seed in 1..<6 {
        record.configurations[configuration].trials[seed].evaluations =
          record.configurations[configuration].trials[0].evaluations
        record.configurations[configuration].trials[seed].result = record.configurations[configuration].trials[0].result
      }
    }
    let analysis = StudyAnalysis(record, options: ReportOptions())
    #expect(analysis.configurations.allSatisfy { $0.score?.count == 1 && $0.repeatedSeeds == [1, 2, 3, 4, 5] })
    #expect(!analysis.isDecided && analysis.pairs.isEmpty)
    #expect(analysis.caveats.contains { $0.contains("equal to the last bit are not replicates") })
    #expect(!Report(record).text(.md).contains("±  0.00"))
  }

  @Test func theResultIsASentence() {
    let text = Report(Samples.modelABC()).text(.md)
    #expect(text.contains("\nModel A has the highest test accuracy, 96."), "\(text.prefix(300))")
    #expect(text.contains("It is better than Model B by 3."))
    #expect(text.contains("Model C (−0.") && text.contains("nor shown to be as good."))
    #expect(Report(Samples.modelABC(seeds: 1)).text(.md).contains("nothing tells whether that is chance"))
    #expect(Report(Sample.single.record).text(.text).hasPrefix("Test accuracy: 96."))
  }

  @Test func scoresAreTakenWhereOneAsks() throws {
    let record = Samples.modelABC()
    let early = StudyAnalysis(record, options: ReportOptions(at: .iteration(500)))
    let last = StudyAnalysis(record, options: ReportOptions())
    #expect(try #require(early.configurations[0].score).mean < (try #require(last.configurations[0].score)).mean)
    let never = StudyAnalysis(record, options: ReportOptions(at: .iteration(7)))
    #expect(never.configurations.allSatisfy { $0.score == nil })
    #expect(never.caveats.contains { $0.contains("18 trials were not evaluated at iteration 7") })
    let best = StudyAnalysis(record, options: ReportOptions(at: .best))
    #expect(best.caveats.contains { $0.contains("chosen on the test examples") })
  }

  @Test func bestIsChosenOnValidationWhereThereIsSome() throws {
    var record = Samples.modelABC(seeds: 1)
    record.configurations[0].trials[0].evaluations = [(0.9, 0.95), (0.92, 0.9), (0.91, 0.97)].enumerated().map {
      index, pair in
      Evaluation(
        iteration: index + 1, epoch: 1, trainLoss: 1, validation: Score(loss: 1, accuracy: pair.0),
        test: Score(loss: 1, accuracy: pair.1))
    }
    let analysis = StudyAnalysis(record, options: ReportOptions(at: .best))
    #expect(analysis.configurations[0].trials[0].best?.iteration == 2)
    #expect(analysis.configurations[0].score?.mean == 0.9)
    #expect(!analysis.caveats.contains { $0.contains("chosen on the test") })
  }

  @Test func timeToATargetIsTheShareOfIterations() throws {
    let analysis = StudyAnalysis(Samples.modelABC(), options: ReportOptions(target: 0.96))
    let trial = analysis.configurations[0].trials[0]
    let target = try #require(trial.target)
    #expect(target.test?.accuracy ?? 0 >= 0.96)
    let result = try #require(trial.record.result)
    #expect(trial.secondsToTarget == result.wallSeconds * Double(target.iteration) / 3000)
    #expect(analysis.configurations[1].trials.allSatisfy { $0.target == nil })
    #expect(Report(Samples.modelABC(), options: ReportOptions(target: 0.96)).text(.text).contains("not reached"))
  }

  @Test func eachAxisHasItsEffect() throws {
    let effects = StudyAnalysis(Samples.grid(), options: ReportOptions()).effects
    #expect(effects.map(\.path) == ["optimizer.lr", "model.padding"])
    #expect(effects.map(\.settingsAveraged) == [3, 4])
    let rate = try #require(effects.first)
    #expect(rate.levels.map(\.value) == ["0.1", "0.03", "0.01", "0.003"])
    #expect(rate.levels[0].difference == nil)
    #expect(try #require(rate.levels[3].difference) < -0.04)
    #expect(try #require(rate.levels[3].p) < 0.001 && rate.levels[0].p == nil)
    #expect(StudyAnalysis(Samples.modelABC(), options: ReportOptions()).effects.isEmpty)
  }

  @Test func whatIsShownAloneSaysWhatItIsCorrectedOver() throws {
    let record = Samples.grid()
    let labels = record.configurations.prefix(3).map(\.configuration.label)
    let analysis = StudyAnalysis(record, options: ReportOptions(only: labels))
    #expect(analysis.configurations.map(\.record.configuration.label) == labels)
    #expect(analysis.familySize == 3 && analysis.wholeCount == 12)
    let text = Report(record, options: ReportOptions(only: labels)).text(.md)
    #expect(text.contains("3 of 12 configurations"))
    #expect(text.contains("any of the 3 configurations"))
    #expect(text.contains("only where they were chosen before"))
    #expect(Report(record).text(.md).contains("any of the 12 configurations"))
  }

  @Test func timesOfTrialsThatWaitedAreNotBelieved() {
    var record = Samples.modelABC()
    func isSaid() -> Bool {
      StudyAnalysis(record, options: ReportOptions()).caveats.contains { $0.contains("waited for the processor") }
    }
    #expect(!isSaid())
    for index in record.configurations.indices {
      for seed in 0..<5 { record.configurations[index].trials[seed].result?.wallSeconds *= 2 }
    }
    let caveats = StudyAnalysis(record, options: ReportOptions()).caveats
    #expect(isSaid() && caveats.contains { $0.contains("no more than 50 % of one") }, "\(caveats)")
    // Trials so short tell nothing of it.
    for index in record.configurations.indices {
      for seed in record.configurations[index].trials.indices {
        record.configurations[index].trials[seed].result?.wallSeconds /= 1000
        record.configurations[index].trials[seed].result?.cpuSeconds /= 1000
      }
    }
    #expect(!isSaid())
  }

  @Test func anOlderRevisionSaysSo() {
    let text = Report(Samples.modelABC(), options: ReportOptions(latestRevision: 3)).text(.text)
    #expect(text.contains("revision 1 (the latest is 3)"))
  }

  @Test func whatDivergedIsCountedAsDone() {
    // As `bench list` and `bench plan` count.
    #expect(Report(Samples.troubled()).text(.md).contains("56 of 60 trials done, 6 of them diverged, 1 failed"))
  }

  @Test func networksThatDifferAreSpelledOut() throws {
    var record = Samples.modelABC()
    record.axes = [Axis(path: "variant", values: record.configurations.map(\.configuration.label))]
    for index in record.configurations.indices { record.configurations[index].configuration.settings = [] }
    let names = StudyAnalysis(record, options: ReportOptions()).differingNetworkFacts.map(\.name)
    #expect(names == ["Padding", "Pooling"])
    record.configurations[1].configuration.resolved?.architecture.layers[0].own.learningRate = 0.5
    #expect(
      StudyAnalysis(record, options: ReportOptions()).differingNetworkFacts.map(\.name)
        == ["Padding", "Pooling", "Layers of their own"])
    // What the settings say already is not said twice.
    #expect(StudyAnalysis(Samples.modelABC(), options: ReportOptions()).differingNetworkFacts.isEmpty)
    var layers = record.configurations[1].configuration.resolved?.architecture.layers ?? []
    layers.remove(at: 1)
    record.configurations[1].configuration.resolved?.architecture.layers = layers
    let text = Report(record).text(.text)
    #expect(text.contains("network") && text.contains("INPUT → CONV → POOL → CONV → RELU → POOL → FC"))
  }

  @Test func settingsOfLayersAreShared() {
    var record = Samples.modelABC()
    for index in record.configurations.indices {
      var layers = record.configurations[index].configuration.resolved?.architecture.layers ?? []
      layers[0].own.learningRate = 0.5
      layers[0].own.weightDecay = 0
      layers[3].own.initialisers = Initialisers(weight: Initialiser(.xavierUniform), bias: Initialiser(.zeros))
      record.configurations[index].configuration.resolved?.architecture.layers = layers
    }
    let facts = StudyAnalysis(record, options: ReportOptions()).sharedFacts
    let texts = facts.map { "\($0.name) | \($0.value)" }
    #expect(texts.contains("Initialised | conv2: bias zeros, weight xavier_uniform (gain 1)"), "\(texts)")
    #expect(texts.contains("Layers of their own | conv1: lr 0.5, weight_decay 0"), "\(texts)")
  }

  @Test func settingsAreNumbersForMachines() {
    let json = Report(Samples.grid(seeds: 1)).text(.json)
    #expect(json.contains("\"optimizer.lr\": 0.003") && json.contains("\"model.padding\": \"full\""))
    #expect(json.contains("\"at\": \"last\""))
    #expect(Report(Samples.grid(), options: ReportOptions(at: .iteration(500))).text(.json).contains("\"at\": 500"))
  }

  @Test func whatAllShareLeavesOutWhatVaries() {
    let facts = StudyAnalysis(Samples.modelABC(), options: ReportOptions()).sharedFacts
    let names = facts.map(\.name)
    #expect(facts.contains(Fact(name: "Network", value: "INPUT → CONV → RELU → POOL → CONV → RELU → POOL → FC")))
    #expect(facts.contains(Fact(name: "Kernel", value: "5 × 5")))
    #expect(facts.contains(Fact(name: "Length", value: "3,000 iterations (5 epochs)")))
    #expect(facts.contains(Fact(name: "Seeds", value: "0 to 5")))
    #expect(!names.contains("Padding") && !names.contains("Pooling"))
    let grid = StudyAnalysis(Samples.grid(), options: ReportOptions()).sharedFacts
    #expect(grid.contains(Fact(name: "Pooling", value: "max 2 × 2")))
    #expect(!grid.map(\.name).contains("Learning rate"))
  }

  @Test func anOptimizersNameIsSharedWhereOneOfItsOptionsVaries() {
    var record = Samples.modelABC()
    for index in record.configurations.indices {
      record.configurations[index].configuration.resolved?.optimizer = .sgd(
        .init(learningRate: 0.01, momentum: 0.1 * Double(index + 1), nesterov: true))
      record.configurations[index].configuration.settings.append(
        Setting(path: "optimizer.momentum", value: "\(0.1 * Double(index + 1))"))
    }
    let facts = StudyAnalysis(record, options: ReportOptions()).sharedFacts
    #expect(facts.first { $0.name == "Optimizer" }?.value == "SGD, Nesterov", "\(facts)")
  }

  @Test func reconstructionIsRankedByLossLowestFirst() {
    let analysis = StudyAnalysis(Samples.reconstruction(), options: ReportOptions())
    #expect(analysis.metric.name == "test loss")
    #expect(!analysis.metric.higherIsBetter)
    #expect(analysis.ranked.first?.label == "Model A" && analysis.ranked.last?.label == "Model B")
  }

  @Test func equalNumbersAreNoDifference() {
    let analysis = StudyAnalysis(Samples.constant(), options: ReportOptions())
    #expect(analysis.configurations.dropFirst().allSatisfy { $0.comparison?.p == 1 })
    #expect(!analysis.isDecided)
    #expect(Report(Samples.constant()).text(.text).contains("90.00 ± 0.00"))
  }

  @Test func anEmptyStudyHasAReportToo() {
    var record = Samples.modelABC(seeds: 2)
    for configuration in record.configurations.indices {
      for trial in record.configurations[configuration].trials.indices {
        record.configurations[configuration].trials[trial].state = .planned
        record.configurations[configuration].trials[trial].evaluations = []
        record.configurations[configuration].trials[trial].lossCurve = []
        record.configurations[configuration].trials[trial].result = nil
      }
    }
    for format in OutputFormat.allCases { #expect(!Report(record).text(format).isEmpty) }
    #expect(Report(record).text(.text).contains("No trial has a score yet"))
    record.configurations = []
    for format in OutputFormat.allCases { #expect(!Report(record).text(format).isEmpty) }
    #expect(StudyCharts.all(StudyAnalysis(record, options: ReportOptions())).isEmpty)
  }
}
