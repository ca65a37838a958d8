import Experiments
import GRDB

/// How rows become values.
extension Store {
  /// A trial's evaluations in order.
  static func evaluations(of trial: Int64, in database: Database) throws -> [Evaluation] {
    let rows = try Row.fetchCursor(
      database.cachedStatement(
        sql: """
          SELECT metric.series_id, metric.iteration, metric.value, trial.iterations_per_epoch
          FROM trial JOIN metric ON metric.trial_id = trial.id
          WHERE trial.id = ? ORDER BY metric.series_id, metric.iteration
          """), arguments: [trial])
    var evaluations = EvaluationRows()
    while let row = try rows.next() {
      evaluations.perEpoch = row[3]
      evaluations.add(series: row[0], iteration: row[1], value: row[2])
    }
    return evaluations.values
  }

  /// What came of the attempt in `row`, where it ended by itself.
  static func result(_ row: Row, confusion: String?) throws -> TrialResult? {
    guard let iterations: Int = row["iterations"], let digest: String = row["trace_digest"] else { return nil }
    return TrialResult(
      outcome: (row["diverged_at"] as Int?).map { .diverged(iteration: $0) } ?? .done, iterations: iterations,
      wallSeconds: row["wall_seconds"] ?? .nan, cpuSeconds: row["cpu_seconds"] ?? .nan,
      peakBytes: row["peak_bytes"] ?? 0, imagesPerSecond: row["images_per_second"] ?? .nan,
      confusion: confusion.flatMap(confusionMatrix), traceDigest: digest, weightsDigest: row["weights_digest"])
  }

  /// Reads `[[980,0],[1,1130]]`: ten times faster than a general reader of JSON, and a study has thousands.
  private static func confusionMatrix(_ text: String) -> [[Int]]? {
    var matrix: [[Int]] = []
    var number: Int?
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "["):
        matrix.append([])
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
      default:
        if let value = number { matrix[matrix.count - 1].append(value) }
        number = nil
      }
    }
    return Array(matrix.dropFirst())
  }

  static func environment(_ row: Row) -> Environment {
    Environment(
      host: row["host"], cpu: row["cpu"], cores: row["cores"], memoryBytes: row["memory_bytes"], os: row["os"],
      swift: row["swift"], blas: row["blas"], program: row["program"], workers: row["workers"])
  }

  static func source(_ row: Row) -> Source? {
    guard let commit: String = row["commit_hash"] else { return nil }
    return Source(commit: commit, branch: row["branch"], diff: row["diff"])
  }
}

/// Gathers a trial's rows of the table `metric`, series by series, into evaluations.
struct EvaluationRows {
  var perEpoch = 1
  private(set) var values: [Evaluation] = []
  private var cursor = 0

  /// Takes a row: those of the train loss, which every evaluation has, come first; each series in order of iterations.
  mutating func add(series: Int, iteration: Int, value: Double?) {
    let value = value ?? .nan
    guard let series = Series(rawValue: series) else { return }
    if series == .trainLoss {
      let epoch = Double(iteration) / Double(perEpoch)
      values.append(Evaluation(iteration: iteration, epoch: epoch, trainLoss: value, validation: nil, test: nil))
      return
    }
    if cursor >= values.count || values[cursor].iteration > iteration { cursor = 0 }
    while cursor < values.count, values[cursor].iteration < iteration { cursor += 1 }
    guard cursor < values.count, values[cursor].iteration == iteration else { return }
    switch series {
    case .trainLoss: break
    case .validationLoss: values[cursor].validation = Score(loss: value, accuracy: nil)
    case .validationAccuracy: values[cursor].validation?.accuracy = value
    case .testLoss: values[cursor].test = Score(loss: value, accuracy: nil)
    case .testAccuracy: values[cursor].test?.accuracy = value
    }
  }
}
