import Experiments
import GRDB

/// How rows become values.
extension Store {
  /// A trial's evaluations in order.
  static func evaluations(of trial: Int64, in database: Database) throws -> [Evaluation] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          \(measurements("< \(Series.learningRateID)"))
          UNION ALL
          \(measurements(">= \(ScoreSeries.firstID)"))
          ORDER BY 1, 2
          """), arguments: [trial, trial])
    var evaluations = EvaluationRows()
    while let row = try rows.next() {
      let perEpoch = try row.count(3)
      guard try perEpoch > 0 || row.count(4) == NumericsVersion.imported else {
        throw ColumnError(row, "iterations_per_epoch", 0.databaseValue, "at least 1")
      }
      evaluations.perEpoch = perEpoch
      let (series, value): (Int, Double?) = try (row.get(0), row.get(2))
      evaluations.add(series: series, iteration: try row.count(1), value: value)
    }
    return evaluations.values
  }

  /// SQL of the measurements of a trial in some series.
  private static func measurements(_ series: String) -> String {
    """
    SELECT metric.series_id, metric.iteration, metric.value, trial.iterations_per_epoch, trial.numerics
    FROM trial JOIN metric ON metric.trial_id = trial.id
    WHERE trial.id = ? AND metric.series_id \(series)
    """
  }

  /// Throws where an accuracy is none. It is looked at after the digests, which say more of what was changed.
  static func requireShares(_ trial: TrialRecord) throws {
    for score in trial.evaluations.flatMap({ [$0.validation, $0.test].compactMap(\.self) }) {
      if let share = score.accuracy, share < 0 || share > 1 {
        throw ColumnError(["key": trial.key], "value", share.databaseValue, "an accuracy from 0 to 1")
      }
      for (metric, value) in score.metrics where value < 0 || value > 1 {
        throw ColumnError(["key": trial.key], "value", value.databaseValue, "a value of \(metric.name) from 0 to 1")
      }
    }
  }

  /// What came of the attempt in `row`, where it ended by itself.
  ///
  /// - Parameter named: the configuration, whose data the confusion matrix must fit; `nil` where nobody looks at it.
  static func result(_ row: Row, confusion: String?, of named: RecordedConfiguration? = nil) throws -> TrialResult? {
    guard let iterations = try row.optionalCount("iterations"), let digest: String = try row.get("trace_digest") else {
      return nil
    }
    let matrix = try confusion.map { try confusionMatrix($0, row) }
    if let matrix, let classes = named?.dataset?.classes.count, matrix.count != classes {
      throw ColumnError(row, "counts", matrix.count.databaseValue, "rows for the \(classes) classes of the data")
    }
    return try TrialResult(
      outcome: row.optionalCount("diverged_at").map { .diverged(iteration: $0) } ?? .done, iterations: iterations,
      wallSeconds: row.get("wall_seconds") ?? .nan, cpuSeconds: row.get("cpu_seconds") ?? .nan,
      peakBytes: row.optionalCount("peak_bytes") ?? 0, imagesPerSecond: row.get("images_per_second") ?? .nan,
      confusion: matrix, traceDigest: digest, weightsDigest: row.get("weights_digest"))
  }

  /// Reads `[[980,0],[1,1130]]`: ten times faster than a general reader of JSON, and a study has thousands.
  private static func confusionMatrix(_ text: String, _ row: Row) throws -> [[Int]] {
    var error: ColumnError {
      ColumnError(row, "counts", text.databaseValue, "a square of counts, as many rows as classes")
    }
    var matrix: [[Int]] = []
    var number: Int?
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["):
        matrix.append([])
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
        guard let value = number, value < 1 << 40 else { throw error }
      case UInt8(ascii: ","), UInt8(ascii: "]"):
        if let value = number {
          guard !matrix.isEmpty else { throw error }
          matrix[matrix.count - 1].append(value)
        }
        number = nil
      default: throw error
      }
    }
    // The outer bracket makes the first, empty row. Sums of so few and so small counts don't overflow.
    guard matrix.count > 1, matrix[0].isEmpty, matrix.dropFirst().allSatisfy({ $0.count == matrix.count - 1 }) else {
      throw error
    }
    return Array(matrix.dropFirst())
  }

  /// Reads a stored configuration and sees that it is the one that its hash says.
  static func configuration(_ row: Row) throws -> RecordedConfiguration {
    let named = try RecordedConfiguration(storedJSON: row.get("stored"))
    let hash: String = try row.get("hash")
    let found = named.hash
    guard found == hash else {
      throw ColumnError(
        row, "stored", "a configuration whose hash is \(found)".databaseValue,
        "the one with the hash \(hash)")
    }
    return named
  }

  static func environment(_ row: Row) throws -> Environment {
    try RowProof.require(.environment, row)
    return try Environment(
      host: row.get("host"), cpu: row.get("cpu"), cores: row.count("cores"), memoryBytes: row.count("memory_bytes"),
      os: row.get("os"),
      swift: row.get("swift"), blas: row.get("blas"), program: row.get("program"), workers: row.count("workers"))
  }

  static func source(_ row: Row) throws -> Source? {
    try RowProof.require(.source, row)
    guard let commit: String = try row.get("commit_hash") else { return nil }
    return try Source(commit: commit, branch: row.get("branch"), diff: row.get("diff"))
  }
}

/// Gathers a trial's rows of the table `metric`, series by series, into evaluations.
struct EvaluationRows {
  /// 0 where nobody knows.
  var perEpoch = 1
  private(set) var values: [Evaluation] = []
  private var cursor = 0

  /// Takes a row: those of the train loss, which every evaluation has, come first; each series in order of iterations.
  mutating func add(series: Int, iteration: Int, value: Double?) {
    let value = value ?? .nan
    let known = Series(rawValue: series)
    let score = ScoreSeries(id: series)
    guard known != nil || score != nil else { return }
    if known == .trainLoss {
      let epoch = perEpoch > 0 ? Double(iteration) / Double(perEpoch) : .nan
      values.append(Evaluation(iteration: iteration, epoch: epoch, trainLoss: value, validation: nil, test: nil))
      return
    }
    if cursor >= values.count || values[cursor].iteration > iteration { cursor = 0 }
    while cursor < values.count, values[cursor].iteration < iteration { cursor += 1 }
    guard cursor < values.count, values[cursor].iteration == iteration else { return }
    if let score { values[cursor][score.split]?.metrics[score.score] = value }
    switch known {
    case nil, .trainLoss: break
    case .validationLoss: values[cursor].validation = Score(loss: value, accuracy: nil)
    case .validationAccuracy: values[cursor].validation?.accuracy = value
    case .testLoss: values[cursor].test = Score(loss: value, accuracy: nil)
    case .testAccuracy: values[cursor].test?.accuracy = value
    }
  }
}
