import Comparing
import Experiments
import Presentation
import Statistics

/// A study's configurations with their scores, ranked and compared with the best one: all else that is said of a study
/// is worked out from these.
struct RankedStudy: Sendable {
  let record: StudyRecord
  let options: ReportOptions
  let metric: Metric
  /// The names of all configurations of the study, shown or not.
  let names: ShortNames
  /// In the grid file's order.
  let configurations: [ConfigurationAnalysis]
  /// Indices into `configurations`, best first: those that finished with all seeds, then the others by the share of
  /// seeds that finished, then those without a score, in file order.
  let ranking: [Int]
  /// By configuration, whether no seed was lost and none is missing that others have: only these are compared.
  let isWhole: [Bool]
  /// The configuration that the others are compared with; `nil` where fewer than two finished with all seeds.
  let best: ConfigurationAnalysis?
  /// Configurations of the study, shown or not.
  let wholeCount: Int
  /// The tests of those that finished with all seeds, by their places in the ranking.
  let comparisons: MeanComparisons

  /// Configurations up to which the summary has a column each, and every pair is compared.
  static let fewConfigurations = 6

  init(_ study: StudyRecord, options: ReportOptions) {
    let record = study.showing(options.only)
    wholeCount = study.configurations.count
    let metric = Metric(record)
    names = ShortNames(study.configurations.map(\.configuration), axes: study.axes)
    let labels = Dictionary(zip(study.configurations.map(\.configuration.label), names.names)) { first, _ in first }
    var rows = record.configurations.enumerated().map { index, configuration in
      ConfigurationAnalysis(
        index: index, record: configuration,
        label: labels[configuration.configuration.label] ?? configuration.configuration.label, metric: metric,
        options: options)
    }
    // A configuration that lost seeds is compared with nothing: what is left of it was chosen by its outcome. Nor is one
    // with fewer seeds, or fewer that differ, than another has.
    let most = rows.filter { $0.lost == 0 }.map(\.scores.count).max() ?? 0
    let isWhole = rows.map { $0.score != nil && $0.lost == 0 && $0.scores.count == most }
    let ranking = Self.ranking(rows, isWhole: isWhole, higherIsBetter: metric.higherIsBetter)
    let whole = ranking.filter { isWhole[$0] }
    let comparisons = MeanComparisons(
      whole.map { rows[$0].orderedScores }, higherIsBetter: metric.higherIsBetter,
      resolution: whole.map { rows[$0].resolution }.max() ?? 0, everyPair: rows.count <= Self.fewConfigurations,
      confidence: options.confidence)
    let best = whole.count > 1 ? comparisons.leader.map { whole[$0] } ?? whole.first : nil
    if let best, let bestMean = rows[best].score?.mean {
      let versus = Dictionary(comparisons.versusLeader.map { ($0.first, $0) }) { first, _ in first }
      for (place, row) in whole.enumerated() where row != best {
        let pair = versus[place]
        rows[row].comparison = ConfigurationAnalysis.Comparison(
          difference: (rows[row].score?.mean ?? .nan) - bestMean,
          interval: pair?.interval.cut(to: metric.possible(rows[row], minus: rows[best], among: whole.count)),
          p: pair?.correctedP)
      }
    }
    (self.record, self.options, self.metric, self.ranking) = (record, options, metric, ranking)
    (configurations, self.isWhole, self.best) = (rows, isWhole, best.map { rows[$0] })
    self.comparisons = comparisons
  }

  /// Configurations that were tested against each other: the family that p is corrected over.
  var familySize: Int { comparisons.compared.count }

  /// The configurations, best first.
  var ranked: [ConfigurationAnalysis] { ranking.map { configurations[$0] } }

  /// Whether a configuration is not shown to be worse than the best one; the best itself is not either.
  func isTied(_ row: ConfigurationAnalysis) -> Bool {
    row.index == best?.index ? familySize > 1 : row.comparison?.p.map { $0 > options.alpha } ?? false
  }

  /// Whether any configuration was shown to be worse than the best: only then is bold type warranted.
  var isDecided: Bool { configurations.contains { ($0.comparison?.p ?? 1) <= options.alpha } }

  /// Whether a configuration's score is set in bold: the best, and all that are not shown to be worse, but for those
  /// whose mean is that of no run.
  func isBold(_ row: ConfigurationAnalysis) -> Bool { isDecided && isTied(row) && row.farSeeds.isEmpty }

  /// What is measured beside loss and accuracy, on the validation examples where there are any and on the test examples, in
  /// the grid's order.
  var metrics: [ComparedMetric] {
    record.metrics.flatMap { score in ScoredSplit.allCases.map { ComparedMetric.score($0, score) } }
      .filter { metric in configurations.contains { $0.metrics[metric] != nil } }
  }

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

  /// The paths in which configurations differ, in file order.
  var varyingPaths: [String] {
    var seen: Set<String> = []
    return configurations.flatMap { $0.record.configuration.settings.map(\.path) }.filter { seen.insert($0).inserted }
  }

  /// `95 %`
  var confidenceText: String { NumberText.percent(options.confidence) }

  /// The value of an axis at a configuration; `nil` where the axis does not exist there.
  func value(of axis: Axis, at row: ConfigurationAnalysis) -> String? {
    if let value = row.value(of: axis.path) { return value }
    guard axis.path == "variant" else { return nil }
    let label = row.record.configuration.label
    return axis.values.filter { label == $0 || label.hasPrefix("\($0), ") }.max { $0.count < $1.count }
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

  private static func ranking(_ rows: [ConfigurationAnalysis], isWhole: [Bool], higherIsBetter: Bool) -> [Int] {
    func share(_ row: Int) -> Double { Double(rows[row].finished) / Double(max(1, rows[row].trials.count)) }
    return rows.indices.sorted { first, second in
      if isWhole[first] != isWhole[second] { return isWhole[first] }
      if !isWhole[first], share(first) != share(second) { return share(first) > share(second) }
      switch (rows[first].score?.mean, rows[second].score?.mean) {
      case (let a?, let b?): return a == b ? first < second : (a > b) == higherIsBetter
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil): return first < second
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
