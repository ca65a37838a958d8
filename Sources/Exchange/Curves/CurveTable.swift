import Experiments
import Presentation

/// Gathers the lines of a file into curves.
struct CurveTable {
  /// The value of a further column.
  struct SettingValue: Hashable {
    var column: Int
    var value: String
  }

  /// The names of the further columns.
  var settings: [String] = []
  /// What is wrong so far.
  var log = CurveFaults()

  /// What can be stored of a split.
  private enum Series: Int, CaseIterable {
    case trainLoss, validationLoss, validationAccuracy, testLoss, testAccuracy

    var name: String {
      switch self {
      case .trainLoss: "train loss"
      case .validationLoss: "validation loss"
      case .validationAccuracy: "validation accuracy"
      case .testLoss: "test loss"
      case .testAccuracy: "test accuracy"
      }
    }
  }

  /// A number and the line that it stands in.
  private struct Point {
    var iteration: Int
    var value: Double
    var line: Int
  }

  private struct TrialRows {
    var seed: UInt64
    /// By series.
    var points = Series.allCases.map { _ in [Point]() }
  }

  private struct ConfigurationKey: Hashable {
    var label: String
    var settings: [SettingValue]
  }

  private struct ConfigurationRows {
    var key: ConfigurationKey
    var line: Int
    var trials: [TrialRows] = []
    var places: [UInt64: Int] = [:]
    /// Iterations per epoch, as a line says it.
    var epochLength: (value: Int, line: Int)?

    /// The place of a seed's trial, made where there is none.
    mutating func trial(of seed: UInt64) -> Int {
      if let place = places[seed] { return place }
      places[seed] = trials.count
      trials.append(TrialRows(seed: seed))
      return trials.count - 1
    }
  }

  private var configurations: [ConfigurationRows] = []
  private var places: [ConfigurationKey: Int] = [:]
  private var rows = 0
  /// Where the last line belonged: most lines belong to the trial of the line before.
  private var last: (key: ConfigurationKey, place: Int)?

  /// Whether no line was read.
  var isUntouched: Bool { rows == 0 }

  /// Takes a line.
  ///
  /// - Parameters:
  ///   - fields: by ``CurveColumn``; `nil` where the line has none.
  ///   - values: the settings that are not empty, in the columns' order.
  mutating func add(line: Int, _ fields: [String?], _ values: [SettingValue]) {
    rows += 1
    var isGood = true
    func text(_ column: CurveColumn) -> String? { fields[column.rawValue].flatMap { $0.isEmpty ? nil : $0 } }
    func fail(_ message: String, _ log: inout CurveFaults) {
      isGood = false
      log.add(line, message)
    }
    func required(_ column: CurveColumn, _ log: inout CurveFaults) -> String? {
      guard let text = text(column) else {
        fail("\(column) is missing", &log)
        return nil
      }
      return text
    }
    let label = required(.label, &log)
    if let label, label.contains("\0") { fail("label \(quoted(label)) holds a NUL character", &log) }
    if let value = values.first(where: { $0.value.contains("\0") }) {
      fail("\(settings[value.column]) \(quoted(value.value)) holds a NUL character", &log)
    }
    var seed: UInt64?
    if let text = required(.seed, &log) {
      seed = JSONNumber(checked: text).uint64
      if seed == nil { fail("seed is \(quoted(text)); expected a whole number from 0 to \(UInt64.max)", &log) }
    }
    var iteration: Int?
    if let text = required(.iteration, &log) {
      iteration = JSONNumber(checked: text).int.flatMap { Self.iterations.contains($0) ? $0 : nil }
      if iteration == nil {
        fail(
          "iteration is \(quoted(text)); expected the training steps done, a whole number from 1 to "
            + NumberText.count(Self.iterations.upperBound), &log)
      }
    }
    let split = required(.split, &log).flatMap { text in
      choice("split", text, ["train", "validation", "test"]) { fail($0, &log) }
    }
    let metric = required(.metric, &log).flatMap { text in
      choice("metric", text, ["loss", "accuracy"]) { fail($0, &log) }
    }
    var value: Double?
    if let text = required(.value, &log) {
      value = Self.number(text)
      if value == nil {
        fail("value is \(quoted(text)); expected a number, nan, inf or -inf", &log)
      } else if metric == "accuracy", let value, !value.isNaN, !(0...1).contains(value) {
        let example = value > 1 && value <= 100 ? ": \(text) % is \(NumberText.exact(value / 100))" : ""
        fail("accuracy is \(escaped(text)); expected a share from 0 to 1\(example)", &log)
      }
    }
    if split == "train", metric == "accuracy" {
      fail("split train has accuracy; of training examples the loss alone is kept, so leave such lines out", &log)
    }
    let epochs = text(.epoch).map { ($0, Self.number($0)) }
    if let epochs, !((epochs.1 ?? 0) > 0 && epochs.1?.isFinite == true) {
      fail("epoch is \(quoted(epochs.0)); expected passes over the training examples, a number above 0", &log)
    }
    guard isGood, let label, let seed, let iteration, let value, let split, let metric else { return }
    let series: Series =
      switch (split, metric) {
      case ("train", _): .trainLoss
      case ("validation", "loss"): .validationLoss
      case ("validation", _): .validationAccuracy
      case (_, "loss"): .testLoss
      default: .testAccuracy
      }
    let place = configuration(ConfigurationKey(label: label, settings: values), line: line)
    if let epochs, let count = epochs.1 { note(count, epochs.0, iteration: iteration, line: line, at: place) }
    let trial = configurations[place].trial(of: seed)
    configurations[place].trials[trial].points[series.rawValue].append(
      Point(iteration: iteration, value: value, line: line))
  }

  /// Iterations that a line, and an epoch, may have.
  private static let iterations = 1...1_000_000_000

  /// A number as programs write it.
  private static func number(_ text: String) -> Double? {
    switch text {
    case "nan", "NaN", "-nan", "NAN": return .nan
    case "inf", "Infinity", "Inf", "+inf", "+Infinity": return .infinity
    case "-inf", "-Infinity", "-Inf": return -.infinity
    default:
      // Swift reads hexadecimal numbers too, and takes one that is too large for an infinity.
      let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
      guard isPlain, let value = Double(text), value.isFinite else { return nil }
      return value
    }
  }

  private func choice(_ column: String, _ text: String, _ allowed: [String], _ fail: (String) -> Void) -> String? {
    if allowed.contains(text) { return text }
    fail("\(column) is \(quoted(text)); expected \(alternatives(allowed))" + suggestion(for: text, among: allowed))
    return nil
  }

  private mutating func configuration(_ key: ConfigurationKey, line: Int) -> Int {
    if let last, last.key == key { return last.place }
    let place = places[key] ?? configurations.count
    if place == configurations.count {
      places[key] = place
      configurations.append(ConfigurationRows(key: key, line: line))
    }
    last = (key, place)
    return place
  }

  /// Takes what a line says of an epoch's length, which is one for all of a configuration. Printed epochs are rounded.
  private mutating func note(_ epochs: Double, _ text: String, iteration: Int, line: Int, at place: Int) {
    let length = (Double(iteration) / epochs).rounded()
    let known = configurations[place].epochLength
    let expected = known.map { Double($0.value) } ?? length
    let allowed = Double(Self.iterations.lowerBound)...Double(Self.iterations.upperBound)
    guard allowed.contains(expected),
      abs(epochs * expected - Double(iteration)) <= max(1e-3 * Double(iteration), 0.005 * expected)
    else {
      let reason =
        known.map { "line \($0.line) says that an epoch has \(counted($0.value, "iteration"))" }
        ?? "no whole number of iterations is an epoch"
      return log.add(
        line,
        "epoch is \(quoted(text)) at iteration \(NumberText.count(iteration)), but \(reason); expected the passes done, "
          + "with their fraction, or no column epoch")
    }
    // A late line tells the length best.
    if known == nil { configurations[place].epochLength = (Int(length), line) }
  }

  // MARK: The study

  /// The curves.
  ///
  /// - Throws: ``CurveFileError`` with all faults.
  mutating func study() throws(CurveFileError) -> ImportedStudy {
    if log.isEmpty, configurations.isEmpty { log.add(1, "there is no line below the header") }
    refuseChangingColumns()
    let columns = settings.indices.filter { column in
      configurations.contains { $0.key.settings.contains { $0.column == column } }
    }
    let labels = configurations.map(\.key.label).withoutRepeats
    let names = uniqueLabels()
    var imported: [ImportedConfiguration] = []
    for (index, rows) in configurations.enumerated() {
      let variant = labels.count > 1 ? [Setting(path: "variant", value: rows.key.label)] : []
      let named = RecordedConfiguration(
        importedAs: names[index],
        settings: variant + rows.key.settings.map { Setting(path: settings[$0.column], value: $0.value) },
        iterationsPerEpoch: rows.epochLength?.value)
      imported.append(
        ImportedConfiguration(
          configuration: named, trials: rows.trials.map { trial($0, of: names[index], length: rows.epochLength?.value) }
        ))
    }
    try log.check()
    let axes = columns.map { column in
      Axis(
        path: settings[column],
        values: configurations.compactMap { $0.key.settings.first { $0.column == column }?.value }.withoutRepeats)
    }
    let variants = labels.count > 1 ? [Axis(path: "variant", values: labels)] : []
    return ImportedStudy(axes: variants + axes.filter { $0.values.count > 1 }, configurations: imported)
  }

  /// A further column is a setting: one that is another in each line, a time say, would make each line a configuration.
  private mutating func refuseChangingColumns() {
    guard configurations.count > 50, configurations.count == rows else { return }
    let most = settings.indices.max { first, second in
      func count(_ column: Int) -> Int {
        Set(configurations.compactMap { $0.key.settings.first { $0.column == column }?.value }).count
      }
      return count(first) < count(second)
    }
    guard let most else { return }
    log.add(
      configurations[0].line,
      "the column \(quoted(settings[most])) is another in each line; a further column is a setting, the same in all lines "
        + "of a trial: leave it out")
  }

  /// The labels of configurations: those of the file and, where several have one, what sets these apart.
  private func uniqueLabels() -> [String] {
    let lastKeys = Dictionary(grouping: settings) { String($0.split(separator: ".").last ?? "") }
    func title(_ column: Int) -> String {
      let name = settings[column]
      let last = String(name.split(separator: ".").last ?? "")
      return lastKeys[last]?.count == 1 ? last : name
    }
    let groups = Dictionary(grouping: configurations.indices) { configurations[$0].key.label }
    var names = configurations.map { $0.key.label }
    for members in groups.values where members.count > 1 {
      let varying = settings.indices.filter { column in
        Set(members.map { index in configurations[index].key.settings.first { $0.column == column }?.value }).count > 1
      }
      for index in members {
        let parts = configurations[index].key.settings.filter { varying.contains($0.column) }
          .map { "\(title($0.column)) \($0.value)" }
        names[index] = ([names[index]] + parts).joined(separator: ", ")
      }
    }
    var taken: Set<String> = []
    return names.map { name in
      var (unique, number) = (name, 1)
      while !taken.insert(unique).inserted {
        number += 1
        unique = "\(name) (\(number))"
      }
      return unique
    }
  }

  /// - Parameter length: iterations per epoch; `nil` where nobody said it.
  private mutating func trial(_ rows: TrialRows, of label: String, length: Int?) -> ImportedTrial {
    var series = rows.points
    for kind in Series.allCases {
      // Stable, so that of two equal iterations the later line comes second.
      series[kind.rawValue].sort { ($0.iteration, $0.line) < ($1.iteration, $1.line) }
      for (first, second) in zip(series[kind.rawValue], series[kind.rawValue].dropFirst())
      where first.iteration == second.iteration {
        log.add(
          second.line,
          "\(kind.name) of \(quoted(label)), seed \(rows.seed), at iteration \(NumberText.count(first.iteration)) stands in "
            + "line \(first.line) already")
      }
    }
    func scores(_ loss: Series, _ accuracy: Series) -> [Int: Score] {
      var scores = Dictionary(
        series[loss.rawValue].map { ($0.iteration, Score(loss: $0.value, accuracy: nil)) }
      ) { first, _ in first }
      for point in series[accuracy.rawValue] {
        guard scores[point.iteration] != nil else {
          log.add(
            point.line,
            "\(accuracy.name) of \(quoted(label)), seed \(rows.seed), at iteration \(NumberText.count(point.iteration)) has "
              + "no \(loss.name) beside it; an evaluation needs its loss")
          continue
        }
        scores[point.iteration]?.accuracy = point.value
      }
      return scores
    }
    let losses = series[Series.trainLoss.rawValue].map { LossPoint(iteration: $0.iteration, loss: $0.value) }
    let (validation, test) = (
      scores(.validationLoss, .validationAccuracy), scores(.testLoss, .testAccuracy)
    )
    var next = 0
    let evaluations = Set(validation.keys).union(test.keys).sorted().map { iteration in
      // As in a training here: the mean over the losses since the evaluation before.
      let first = next
      while next < losses.count, losses[next].iteration <= iteration { next += 1 }
      let sum = losses[first..<next].reduce(0) { $0 + $1.loss }
      return Evaluation(
        iteration: iteration, epoch: length.map { Double(iteration) / Double($0) } ?? .nan,
        trainLoss: next > first ? sum / Double(next - first) : .nan, validation: validation[iteration],
        test: test[iteration])
    }
    return ImportedTrial(seed: rows.seed, losses: losses, evaluations: evaluations)
  }
}
