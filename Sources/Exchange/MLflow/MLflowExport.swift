import Experiments
import Presentation

/// A study as an experiment of an MLflow server: a run for each configuration, below it one for each trial.
///
/// Runs are known again by a tag with the trial's key, and a run says in another how many of its values it has, so that a
/// second export sends only what the first did not.
package struct MLflowExport: Sendable {
  /// When a trial ran, in seconds since 1970.
  package struct Times: Sendable, Hashable {
    package var startedAt: Double
    /// `nil` while it is at work.
    package var endedAt: Double?

    /// Creates the times of a trial.
    package init(startedAt: Double, endedAt: Double?) { (self.startedAt, self.endedAt) = (startedAt, endedAt) }
  }

  /// What an export did.
  package struct Outcome: Sendable, Hashable {
    /// Runs of trials that were made, that were there in part, and that were there already.
    package var created = 0, continued = 0, complete = 0
    /// Values that were sent.
    package var values = 0
    /// Values that MLflow can't take, because they are NaN or infinite.
    package var notFinite = 0
    /// Trials that have not begun, of which there is nothing to tell.
    package var planned = 0
  }

  private let curves: StudyCurves
  private let times: @Sendable (String) throws -> Times?

  /// - Parameters:
  ///   - curves: the study.
  ///   - times: gives the times of a trial by its key; `nil` where it has not begun.
  package init(_ curves: StudyCurves, times: @escaping @Sendable (String) throws -> Times?) {
    (self.curves, self.times) = (curves, times)
  }

  /// Brings the study to a server.
  ///
  /// - Throws: ``MLflowError``, and what reading curves throws. What was sent before stays, and the next export goes on there.
  package func send(to server: MLflowServer) throws -> Outcome {
    let experiment = try experiment(on: server)
    var known = try runs(of: experiment, on: server)
    var outcome = Outcome()
    for row in curves.record.configurations {
      let begun = try row.trials.compactMap { trial in try times(trial.key).map { (trial, $0) } }
      outcome.planned += row.trials.count - begun.count
      guard !begun.isEmpty else { continue }
      let parent = try parent(of: row, begun.map(\.1), in: experiment, &known, on: server)
      for (trial, times) in begun {
        try send(trial, of: row, times, below: parent, in: experiment, known[trial.key], &outcome, on: server)
      }
      try end(
        parent, status: begun.allSatisfy { $0.1.endedAt != nil } ? .finished : .running, begun.map(\.1), on: server)
    }
    return outcome
  }

  // MARK: Tags and parameters

  /// The tags by which an export finds its own runs.
  private enum Tag {
    static let trial = "bench.trial"
    static let configuration = "bench.configuration"
    /// Of the run that stands above a configuration's trials: the configuration's hash.
    static let parent = "bench.parent"
    /// How many of the trial's values the run has.
    static let values = "bench.values"
  }

  private enum Status: String {
    case running = "RUNNING"
    case finished = "FINISHED"
    case failed = "FAILED"
    case killed = "KILLED"

    init(_ state: TrialState) {
      switch state {
      case .done: self = .finished
      case .diverged, .failed: self = .failed
      case .cancelled, .stale: self = .killed
      case .planned, .running: self = .running
      }
    }
  }

  /// A run that the server has.
  private struct Run {
    var id: String
    var status: String?
    var endTime: Int?
    var values: Int
  }

  /// Entities of a `log-batch` at most (MLflow's REST API): here 999 values and a tag.
  private static let batch = 999
  /// Parameters of a `log-batch` at most.
  private static let parameterBatch = 100
  /// Characters of a parameter's name and of its value that every server takes.
  private static let (nameLimit, valueLimit) = (250, 500)

  private static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }

  private static func entry(_ key: String, _ value: String) -> JSONValue {
    ["key": .string(key), "value": .string(value)]
  }

  /// The settings that vary under names that MLflow takes: letters, digits, `_`, `-`, `.`, blanks and slashes.
  private static func parameters(_ row: ConfigurationRecord, seed: UInt64?) -> [JSONValue] {
    var taken: Set<String> = []
    return (row.configuration.settings + (seed.map { [Setting(path: "seed", value: "\($0)")] } ?? [])).map { setting in
      let plain = setting.path.map { character in
        character.isASCII && (character.isLetter || character.isNumber || "_-. /".contains(character)) ? character : "_"
      }
      let name = String(String(plain).prefix(nameLimit - 4))
      var (unique, number) = (name.allSatisfy { "./ ".contains($0) } ? "setting" : name, 1)
      while !taken.insert(unique).inserted {
        number += 1
        unique = "\(name) \(number)"
      }
      let value = setting.value.count > valueLimit ? setting.value.prefix(valueLimit - 1) + "…" : setting.value[...]
      return entry(unique, String(value))
    }
  }

  // MARK: Experiment and runs

  private func experiment(on server: MLflowServer) throws(MLflowError) -> String {
    let name = curves.record.name
    do {
      let answer = try server.call("experiments/create", ["name": .string(name)])
      if let id = answer["experiment_id"]?.string { return id }
    } catch  where error.kind == "RESOURCE_ALREADY_EXISTS" {
      // Made before, or by another export just now.
    }
    var token: String?
    repeat {
      var query: [JSONValue.Member] = [
        .init("max_results", 1000), .init("view_type", "ALL"),
      ]
      if let token { query.append(.init("page_token", .string(token))) }
      let answer = try server.call("experiments/search", .object(query))
      for experiment in answer["experiments"]?.array ?? [] where experiment["name"]?.string == name {
        guard experiment["lifecycle_stage"]?.string != "deleted" else {
          throw MLflowError(
            "the experiment \(quoted(name)) was deleted on the server and still has its name: restore it there, or remove "
              + "it for good with mlflow gc")
        }
        if let id = experiment["experiment_id"]?.string { return id }
      }
      token = answer["next_page_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while token != nil
    throw MLflowError("the server says that the experiment \(quoted(name)) exists, and does not list it")
  }

  /// The runs of earlier exports, by the trial's key or, of a configuration's own run, by its hash.
  private func runs(of experiment: String, on server: MLflowServer) throws(MLflowError) -> [String: Run] {
    var runs: [String: Run] = [:]
    var token: String?
    repeat {
      var query: [JSONValue.Member] = [
        .init("experiment_ids", .array([.string(experiment)])), .init("max_results", 500),
      ]
      if let token { query.append(.init("page_token", .string(token))) }
      let answer = try server.call("runs/search", .object(query))
      for run in answer["runs"]?.array ?? [] {
        let tags = Dictionary(
          (run["data"]?["tags"]?.array ?? []).compactMap { tag in
            tag["key"]?.string.flatMap { key in tag["value"]?.string.map { (key, $0) } }
          }
        ) { first, _ in first }
        guard let key = tags[Tag.trial] ?? tags[Tag.parent], let id = run["info"]?["run_id"]?.string else { continue }
        runs[key] = Run(
          id: id, status: run["info"]?["status"]?.string, endTime: run["info"]?["end_time"]?.int,
          values: tags[Tag.values].flatMap { Int($0) } ?? 0)
      }
      token = answer["next_page_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while token != nil
    return runs
  }

  private func create(
    _ name: String, startedAt: Double, tags: [(String, String)], parameters: [JSONValue], in experiment: String,
    on server: MLflowServer
  ) throws(MLflowError) -> Run {
    let answer = try server.call(
      "runs/create",
      [
        "experiment_id": .string(experiment), "run_name": .string(PlainText.oneLine(name)),
        "start_time": .integer(Self.milliseconds(startedAt)), "tags": .array(tags.map { Self.entry($0.0, $0.1) }),
      ])
    guard let id = answer["run"]?["info"]?["run_id"]?.string else {
      throw MLflowError("runs/create: the answer names no run")
    }
    for start in stride(from: 0, to: parameters.count, by: Self.parameterBatch) {
      _ = try server.call(
        "runs/log-batch",
        [
          "run_id": .string(id),
          "params": .array(Array(parameters[start..<min(start + Self.parameterBatch, parameters.count)])),
        ])
    }
    return Run(id: id, status: Status.running.rawValue, endTime: nil, values: 0)
  }

  private func end(
    _ run: Run, status: Status, _ times: [Times], on server: MLflowServer
  ) throws(MLflowError) {
    let last = status == .running ? nil : times.compactMap(\.endedAt).max().map(Self.milliseconds)
    guard run.status != status.rawValue || run.endTime != last else { return }
    _ = try server.call(
      "runs/update",
      .object(
        [.init("run_id", .string(run.id)), .init("status", .string(status.rawValue))]
          + (last.map { [.init("end_time", .integer($0))] } ?? [])))
  }

  private func parent(
    of row: ConfigurationRecord, _ times: [Times], in experiment: String, _ known: inout [String: Run],
    on server: MLflowServer
  ) throws(MLflowError) -> Run {
    if let run = known[row.hash] { return run }
    let run = try create(
      row.configuration.label, startedAt: times.map(\.startedAt).min() ?? 0,
      tags: origin + [(Tag.parent, row.hash), (Tag.configuration, row.hash), ("bench.label", row.configuration.label)],
      parameters: Self.parameters(row, seed: nil), in: experiment, on: server)
    known[row.hash] = run
    return run
  }

  /// Tags of all runs of the study.
  private var origin: [(String, String)] {
    let record = curves.record
    return [("bench.study", record.name), ("bench.revision", "\(record.revision)")]
      + (record.importedFile.map { [("bench.imported_from", $0.name)] } ?? [])
  }

  // MARK: Values

  /// A value with the iteration that it was measured at.
  private struct Point {
    var name: String
    var iteration: Int
    var value: Double
  }

  /// The trial's values by iteration, so that those of a trial at work are the first of those that it will have.
  private func points(of trial: TrialRecord) throws -> [Point] {
    try curves.of(trial).flatMap { curve in
      curve.points.map { Point(name: "\(curve.split)_\(curve.metric)", iteration: $0.iteration, value: $0.value) }
    }.sorted { ($0.iteration, $0.name) < ($1.iteration, $1.name) }
  }

  private func send(
    _ trial: TrialRecord, of row: ConfigurationRecord, _ times: Times, below parent: Run, in experiment: String,
    _ known: Run?, _ outcome: inout Outcome, on server: MLflowServer
  ) throws {
    let all = try points(of: trial)
    let points = all.filter(\.value.isFinite)
    outcome.notFinite += all.count - points.count
    let status = Status(trial.state)
    if let known, known.values >= points.count, known.status == status.rawValue {
      outcome.complete += 1
      return
    }
    if known == nil { outcome.created += 1 } else { outcome.continued += 1 }
    let run =
      try known
      ?? create(
        "\(row.configuration.label), seed \(trial.seed)", startedAt: times.startedAt,
        tags: origin + [
          (Tag.trial, trial.key), (Tag.configuration, row.hash), ("bench.label", row.configuration.label),
          ("mlflow.parentRunId", parent.id),
        ], parameters: Self.parameters(row, seed: trial.seed), in: experiment, on: server)
    let start = Self.milliseconds(times.startedAt)
    // As if all steps took equally long; a trial whose time nobody knows counts a millisecond for each.
    let pace = trial.result.flatMap { result in
      result.wallSeconds.ifMeasured.map { 1000 * $0 / Double(max(1, result.iterations)) }
    }
    var sent = run.values
    while sent < points.count {
      let next = points[sent..<min(sent + Self.batch, points.count)]
      sent += next.count
      _ = try server.call(
        "runs/log-batch",
        [
          "run_id": .string(run.id),
          "metrics": .array(
            next.map { point in
              [
                "key": .string(point.name), "value": .double(point.value), "step": .integer(point.iteration),
                "timestamp": .integer(start + Int((Double(point.iteration) * (pace ?? 1)).rounded())),
              ]
            }), "tags": .array([Self.entry(Tag.values, "\(sent)")]),
        ])
      outcome.values += next.count
    }
    try end(run, status: status, [times], on: server)
  }
}
