import Comparing
import Experiments
import Presentation
import Statistics

/// Each configuration at its own best value of an axis: with one learning rate for all the comparison would not be fair.
///
/// The value is chosen on the validation examples, by the mean over seeds, once per configuration; the score that is
/// shown is the test's, of the same trials. So the test examples have no say in the choice, but the luck of the seeds,
/// which validation and test share, has: simulated with six seeds and values that are equally good, the mean of what is
/// chosen lies 0.3 standard deviations of a trial too high with three values and 0.4 to 0.5 with six, and the 95 %
/// interval covers in 93 and in 88 to 90 of 100 cases. Fresh seeds give a clean score.
package struct Tuning: Sendable {
  /// The choice for one configuration.
  struct Choice: Sendable {
    /// The configuration's settings without the axis, in full.
    var name: String
    /// The name without the axis in everything that people see.
    var shortName: String
    /// The label of what was chosen.
    var label: String
    var value: String
    /// The chosen value's validation score over seeds.
    var validation: Summary
    /// All values that were tried, in file order, with the mean validation score of those that could be chosen.
    var tried: [(value: String, score: Double?)]
    /// Values at which trials diverged or failed, so that they could not be chosen; others without a score have not
    /// ended yet.
    var failed: Set<String>
    /// Whether the smallest or the largest number of several was chosen: the best may lie beyond.
    var isAtTheEdge: Bool
  }

  /// The axis.
  let axis: Axis
  /// The metric that the choice is made by.
  let metric: Metric
  /// In file order.
  let choices: [Choice]
  /// Names of configurations without a choice: none of their trials ran to its end.
  let withoutChoice: [String]
  /// The chosen configurations alone, ranked and compared.
  let study: RankedStudy

  /// Chooses.
  /// - Throws: ``TuningError`` where there is no such axis or nothing to choose by.
  package init(_ whole: StudyRecord, axis path: String, options: ReportOptions = ReportOptions()) throws(TuningError) {
    let record = whole.showing(options.only)
    let known = record.axes.filter { $0.values.count > 1 && $0.path != "variant" }
    guard let axis = known.first(where: { $0.path == path }) else {
      throw .noSuchAxis(path: path, study: record.name, known: known.map(\.path))
    }
    let evaluations = record.configurations.flatMap { $0.trials.compactMap(\.evaluations.last) }
    guard evaluations.contains(where: { $0.validation != nil }) else {
      throw evaluations.isEmpty ? .noScore(study: record.name) : .noValidation(study: record.name)
    }
    guard evaluations.contains(where: { $0.test != nil }) else { throw .noTest(study: record.name) }
    let scored = Metric(record)
    let metric = Metric(split: .validation, kind: scored.kind, lossUnit: scored.lossUnit)
    let names = ShortNames(whole.configurations.map(\.configuration), axes: whole.axes, without: path).names
    let shortNames = Dictionary(zip(whole.configurations.map(\.configuration.label), names)) { first, _ in first }
    let groups = Self.groups(record, path, names: shortNames)
    guard groups.contains(where: { $0.members.count > 1 }) else {
      let variesElsewhere = Self.groups(whole, path, names: shortNames).contains { $0.members.count > 1 }
      throw variesElsewhere ? .onlyLeavesOne(path: path) : .neverByItself(path: path, study: record.name)
    }
    var (choices, withoutChoice): ([Choice], [String]) = ([], [])
    for group in groups {
      let choice = Self.choice(group, of: axis, metric: metric, options: options)
      if let choice { choices.append(choice) } else { withoutChoice.append(group.shortName) }
    }
    let labels = Set(choices.map(\.label))
    var chosen = record
    chosen.configurations.removeAll { !labels.contains($0.configuration.label) }
    chosen.axes.removeAll { $0.path == path }
    (self.axis, self.metric, self.choices, self.withoutChoice) = (axis, metric, choices, withoutChoice)
    var all = options
    all.only = []
    study = RankedStudy(chosen, options: all)
  }

  /// Whether all tried as many values: only then does a test of what was chosen treat them alike.
  var hasEqualBudgets: Bool { Set(choices.map(\.tried.count)).count <= 1 }

  /// The validation score to be expected of the best of 1, 2, … of the values that a configuration tried: see
  /// ``BestOfSubset``. Values at which trials diverged or failed count as the worst value of all configurations; values
  /// whose trials have not ended are left out.
  func expectedBest(_ choice: Choice) -> [Double] {
    let seen = choices.flatMap { $0.tried.compactMap(\.score) }
    guard let worst = metric.higherIsBetter ? seen.min() : seen.max() else { return [] }
    let scores = choice.tried.compactMap { $0.score ?? (choice.failed.contains($0.value) ? worst : nil) }
    return metric.higherIsBetter ? BestOfSubset.expectedLargest(scores) : BestOfSubset.expectedSmallest(scores)
  }

  // MARK: Choosing

  /// Configurations that differ in the axis alone.
  private struct Group {
    var name: String
    var shortName: String
    var members: [ConfigurationRecord]
  }

  private static func groups(_ record: StudyRecord, _ path: String, names: [String: String]) -> [Group] {
    let paths = record.axes.map(\.path)
    var groups: [Group] = []
    var places: [[Setting]: Int] = [:]
    for row in record.configurations where row.configuration.settings.contains(where: { $0.path == path }) {
      let others = row.configuration.settings.filter { $0.path != path }
      if let place = places[others] {
        groups[place].members.append(row)
        continue
      }
      places[others] = groups.count
      // A variant's own settings are said by its name.
      let isNamed = others.contains { $0.path == "variant" }
      let parts = others.filter { !isNamed || $0.path == "variant" || paths.contains($0.path) }.map {
        $0.path == "variant" ? $0.value : "\(shortName($0.path, among: paths)) \($0.value)"
      }
      let name = parts.isEmpty ? "all" : parts.joined(separator: ", ")
      groups.append(Group(name: name, shortName: names[row.configuration.label] ?? name, members: [row]))
    }
    return groups
  }

  /// The value with the best mean among those of which the most seeds ran to their end: the survivors of a value at
  /// which others diverged would win by being few.
  private static func choice(_ group: Group, of axis: Axis, metric: Metric, options: ReportOptions) -> Choice? {
    let candidates = group.members.map { member -> (value: String, label: String, scores: [Double]) in
      let scores = member.trials.filter { $0.state == .done }.compactMap { trial in
        TrialAnalysis(trial, metric: metric, options: options).chosen.flatMap(metric.value)
      }
      let value = member.configuration.settings.first { $0.path == axis.path }?.value ?? ""
      return (value, member.configuration.label, scores.filter(\.isFinite))
    }
    let most = candidates.map(\.scores.count).max() ?? 0
    guard most > 0 else { return nil }
    let eligible = candidates.filter { $0.scores.count == most }
    let best = eligible.dropFirst().reduce(eligible[0]) { best, next in
      let (a, b) = (mean(best.scores), mean(next.scores))
      return (metric.higherIsBetter ? b > a : b < a) ? next : best
    }
    guard let validation = Summary(best.scores) else { return nil }
    let numbers = candidates.compactMap { Double($0.value) }
    let isEdge = Double(best.value).map { $0 == numbers.min() || $0 == numbers.max() } ?? false
    return Choice(
      name: group.name, shortName: group.shortName, label: best.label, value: best.value, validation: validation,
      tried: candidates.map { ($0.value, $0.scores.count == most ? mean($0.scores) : nil) },
      failed: Set(
        zip(candidates, group.members).filter { candidate, member in
          candidate.scores.count < most && member.trials.contains { [.diverged, .failed].contains($0.state) }
        }.map(\.0.value)),
      isAtTheEdge: isEdge && numbers.count == candidates.count && numbers.count > 1)
  }
}

/// Why nothing can be chosen: the finding, and how to fix it.
package enum TuningError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The study has no such axis.
  case noSuchAxis(path: String, study: String, known: [String])
  /// Of the configurations that are shown none differ in the axis alone, but some of the study do.
  case onlyLeavesOne(path: String)
  /// The axis varies, but only together with others.
  case neverByItself(path: String, study: String)
  /// There are no validation examples to choose by.
  case noValidation(study: String)
  /// There are no test examples to score what was chosen.
  case noTest(study: String)
  /// Nothing was evaluated yet.
  case noScore(study: String)

  /// The place, the finding, the allowed values, and how to fix it.
  package var description: String {
    func name(_ text: String) -> String { PlainText.shortened(text, to: 80) }
    switch self {
    case .onlyLeavesOne(let path):
      return "--tune \(name(path)): --only leaves one value of it for each configuration; name the other values' "
        + "labels too"
    case .noSuchAxis(let path, let study, let known):
      let axes = known.isEmpty ? "it has none" : "its axes are \(known.map(name).joined(separator: ", "))"
      return "--tune \(name(path)): the study \(name(study)) has no such axis; \(axes)"
    case .neverByItself(let path, let study):
      return "--tune \(name(path)): in the study \(name(study)) it varies only together with other settings, so there "
        + "is nothing to choose from; make it an axis of its own"
    case .noValidation(let study):
      return "--tune: the study \(name(study)) has no validation examples, and a value that is chosen on the test "
        + "examples can't be scored on them; put \"validation\": 5000 into the grid's dataset (or --set "
        + "dataset.validation=5000), and run it again"
    case .noTest(let study):
      return "--tune: the study \(name(study)) has no test examples to score what is chosen; give its dataset some"
    case .noScore(let study): return "--tune: no trial of the study \(name(study)) was evaluated yet"
    }
  }
}
