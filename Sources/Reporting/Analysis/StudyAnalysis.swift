import Experiments
import Statistics

/// Everything that a report says of a study, worked out once for all its forms.
struct StudyAnalysis: Sendable {
  let record: StudyRecord
  let options: ReportOptions
  let metric: Metric
  /// In the grid file's order.
  let configurations: [ConfigurationAnalysis]
  /// Indices into `configurations`, best first; those without a score last, in file order.
  let ranking: [Int]
  /// The seeds that the configurations are compared over.
  let comparedSeeds: [UInt64]
  /// Whether every sign pattern was counted.
  let isExact: Bool
  /// The configuration that the others are compared with.
  let best: ConfigurationAnalysis?
  /// Configurations that were compared with each other: the family that p is corrected over.
  let familySize: Int
  /// Configurations of the study, shown or not.
  let wholeCount: Int
  /// Each configuration at its own best value of an axis, where that was asked for.
  let tuning: Tuning?
  /// What each axis does by itself.
  private(set) var effects: [AxisEffect] = []
  /// What the two leading axes do together.
  private(set) var interaction: AxisInteraction?
  /// All pairs of a few configurations.
  private(set) var pairs: [PairComparison] = []

  /// Configurations up to which the summary has a column each, and every pair is compared.
  static let fewConfigurations = 6

  init(_ whole: StudyRecord, options: ReportOptions, tuning: Tuning? = nil) {
    let record = whole.showing(options.only)
    let metric = Metric(record)
    let labels = PlainText.distinct(record.configurations.map(\.configuration.label), limit: 60)
    var rows = record.configurations.indices.map { index in
      ConfigurationAnalysis(
        index: index, record: record.configurations[index], label: labels[index], metric: metric, options: options)
    }
    let ranking = Self.ranking(rows, higherIsBetter: metric.higherIsBetter)
    // The best of those with more than half of the seeds gives the seeds; who lacks one of them is not compared.
    let most = rows.map(\.scores.count).max() ?? 0
    let reference = ranking.first { 2 * rows[$0].scores.count > most }
    let seeds = reference.map { rows[$0].scores.keys.sorted() } ?? []
    let comparable = ranking.filter { row in
      !seeds.isEmpty && seeds.allSatisfy { rows[row].scores[$0] != nil } && row != reference
    }
    let compared = (reference.map { [$0] } ?? []) + comparable
    let values = compared.map { row in seeds.map { rows[row].scores[$0] ?? .nan } }
    let test = BestTest.test(values, higherIsBetter: metric.higherIsBetter)
    // Over the common seeds another one may be ahead.
    let means = values.map { mean($0) }
    let leader = means.indices.max { metric.higherIsBetter ? means[$0] < means[$1] : means[$0] > means[$1] }
    if compared.count > 1, let leader {
      for (position, row) in compared.enumerated() {
        let differences = zip(values[position], values[leader]).map { $0 - $1 }
        rows[row].comparison = ConfigurationAnalysis.Comparison(
          difference: mean(differences),
          interval: Interval.studentT(differences, confidence: options.confidence), p: test.p[position])
      }
    }
    (self.record, self.options, self.metric, self.ranking) = (record, options, metric, ranking)
    (configurations, comparedSeeds, isExact) = (rows, compared.count > 1 ? seeds : [], test.isExact)
    best = compared.count > 1 ? leader.map { rows[compared[$0]] } : nil
    (familySize, wholeCount, self.tuning) = (compared.count, whole.configurations.count, tuning)
    effects = axisEffects()
    interaction = axisInteraction()
    pairs = pairComparisons()
  }

  /// The configurations, best first.
  var ranked: [ConfigurationAnalysis] { ranking.map { configurations[$0] } }

  /// Whether a configuration's numbers can't be told from the best one's.
  func isTied(_ row: ConfigurationAnalysis) -> Bool {
    guard let comparison = row.comparison else { return false }
    return comparison.p > options.alpha
  }

  /// Whether any configuration was told apart from the best: only then is bold type warranted.
  var isDecided: Bool { configurations.contains { ($0.comparison?.p ?? 1) <= options.alpha } }

  /// Whether a configuration's score is set in bold: the best, and all that can't be told from it.
  func isBold(_ row: ConfigurationAnalysis) -> Bool { isDecided && isTied(row) }

  /// The smallest p that the number of seeds allows.
  var smallestP: Double { SignFlipTest.smallestP(pairs: comparedSeeds.count) }

  /// All trials of the study.
  var trialCount: Int { configurations.reduce(0) { $0 + $1.trials.count } }

  /// Trials in a state.
  func count(_ state: TrialState) -> Int {
    configurations.reduce(0) { sum, row in sum + row.trials.count { $0.record.state == state } }
  }

  /// All seeds of the study, in the grid's order.
  var seeds: [UInt64] {
    var seen: Set<UInt64> = []
    return configurations.flatMap { $0.trials.map(\.record.seed) }.filter { seen.insert($0).inserted }
  }

  /// Where scores are taken from, in words.
  var pointText: String {
    switch options.at {
    case .last: "last evaluation"
    case .best: "best evaluation"
    case .iteration(let iteration): "iteration \(NumberText.count(iteration))"
    }
  }

  /// Whether the best evaluation is chosen on the validation examples.
  var choosesOnValidation: Bool {
    configurations.contains { $0.trials.contains { $0.record.evaluations.last?.validation != nil } }
  }

  private static func ranking(_ rows: [ConfigurationAnalysis], higherIsBetter: Bool) -> [Int] {
    rows.indices.sorted { first, second in
      switch (rows[first].score?.mean, rows[second].score?.mean) {
      case (let a?, let b?): a == b ? first < second : (a > b) == higherIsBetter
      case (_?, nil): true
      case (nil, _?): false
      case (nil, nil): first < second
      }
    }
  }
}

extension StudyRecord {
  /// The study with the configurations of these labels alone; all of it where none is given.
  func showing(_ labels: [String]) -> StudyRecord {
    guard !labels.isEmpty else { return self }
    var record = self
    record.configurations.removeAll { !labels.contains($0.configuration.label) }
    return record
  }
}
