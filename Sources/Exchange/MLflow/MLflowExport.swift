import Experiments
import Presentation

/// A study as an experiment of an MLflow server: a run for each configuration, below it one for each trial.
///
/// Runs are known again by a tag with the trial's key. A run says in two others how many of the trial's values it has, and
/// their digest, so that a second export sends only what the first did not, and adds nothing to a run of other values:
/// a trial that was trained again may have its losses at another interval. Trials at work are left out, since what they have
/// measured may be taken back.
package struct MLflowExport: Sendable {
  /// When a trial ran, in seconds since 1970.
  package struct Times: Sendable, Hashable {
    /// When it was first taken up.
    package var startedAt: Double
    /// `nil` while it is at work.
    package var endedAt: Double?

    /// Creates the times of a trial.
    package init(startedAt: Double, endedAt: Double?) { (self.startedAt, self.endedAt) = (startedAt, endedAt) }
  }

  /// A trial as it was at one moment.
  package struct Snapshot: Sendable {
    /// State and result.
    package var record: TrialRecord
    /// What it has measured.
    package var curves: [StudyCurves.Curve]
    /// `nil` where it has not begun.
    package var times: Times?

    /// Describes a trial.
    package init(record: TrialRecord, curves: [StudyCurves.Curve], times: Times?) {
      (self.record, self.curves, self.times) = (record, curves, times)
    }
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
    /// Trials at work, which are left out.
    package var atWork = 0
    /// Trials whose earlier runs have other values, and that got new ones; these count as created too.
    package var replaced = 0
  }

  private let record: StudyRecord
  private let times: @Sendable (String) throws -> Times?
  private let snapshot: @Sendable (String) throws -> Snapshot

  /// Creates an export.
  ///
  /// - Parameters:
  ///   - record: the study.
  ///   - times: gives the times of a trial by its key; `nil` where it has not begun.
  ///   - snapshot: reads a trial by its key, all of it at one moment.
  package init(
    _ record: StudyRecord, times: @escaping @Sendable (String) throws -> Times?,
    snapshot: @escaping @Sendable (String) throws -> Snapshot
  ) {
    (self.record, self.times, self.snapshot) = (record, times, snapshot)
  }

  /// Brings the study to a server.
  ///
  /// - Throws: ``MLflowError``, and what reading curves throws. What was sent before stays, and the next export goes on there.
  package func send(to server: MLflowServer) throws -> Outcome {
    let experiment = try experiment(on: server)
    var known = try runs(of: experiment, on: server)
    var outcome = Outcome()
    for row in record.configurations {
      let begun = row.trials.filter { $0.state != .planned }
      let ended = try begun.filter { $0.state != .running }.compactMap { trial in
        try times(trial.key).map { (trial, $0) }
      }
      outcome.planned += row.trials.count - begun.count
      outcome.atWork += begun.count - ended.count
      guard !ended.isEmpty else { continue }
      let parent = try parent(of: row, ended.map(\.1), in: experiment, &known, on: server)
      var sent: [Times] = []
      for (trial, _) in ended {
        let snapshot = try snapshot(trial.key)
        guard let times = snapshot.times, ![.running, .planned].contains(snapshot.record.state) else {
          // Taken up again since.
          outcome.atWork += 1
          continue
        }
        sent.append(times)
        try send(snapshot, of: row, times, below: parent, in: experiment, known[trial.key] ?? [], &outcome, on: server)
      }
      try end(parent, status: sent.count == begun.count ? .finished : .running, sent, on: server)
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
    /// The digest of these.
    static let digest = "bench.digest"
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
    /// How many of the trial's values it has, and what they are known by.
    var values = 0
    var digest: String?
    /// The names of the parameters that it has.
    var parameters: Set<String> = []

    /// Whether the values that it has are the first of these.
    func fits(_ points: MLflowPoints) -> Bool {
      values == 0 || values <= points.all.count && digest == points.digest(ofFirst: values)
    }
  }

  private typealias Parameter = (name: String, value: String)

  /// Entities of a `log-batch` at most (MLflow's REST API): here 998 values and two tags.
  private static let batch = 998
  /// Parameters of a `log-batch` at most.
  private static let parameterBatch = 100
  /// Characters of a parameter's name and of its value that every server takes.
  private static let (nameLimit, valueLimit) = (250, 500)

  private static func milliseconds(_ seconds: Double) -> Int { whole(seconds * 1000) }

  /// A time as MLflow keeps it; what a store of another program may hold is brought into its bounds.
  private static func whole(_ milliseconds: Double) -> Int {
    milliseconds.isFinite ? Int(min(max(milliseconds, 0), 1e15).rounded()) : 0
  }

  private static func entry(_ key: String, _ value: String) -> JSONValue {
    ["key": .string(key), "value": .string(value)]
  }

  /// The settings that vary under names that MLflow takes: letters, digits, `_`, `-`, `.`, blanks and slashes.
  private static func parameters(_ row: ConfigurationRecord, seed: UInt64?) -> [Parameter] {
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
      // MLflow counts code points, of which one character may have many.
      let scalars = setting.value.unicodeScalars
      return (
        unique, scalars.count > valueLimit ? String(scalars.prefix(valueLimit - 1)) + "…" : setting.value
      )
    }
  }

  // MARK: Experiment and runs

  private func experiment(on server: MLflowServer) throws(MLflowError) -> String {
    let name = record.name
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
  private func runs(of experiment: String, on server: MLflowServer) throws(MLflowError) -> [String: [Run]] {
    var runs: [String: [Run]] = [:]
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
        let values = Int(tags[Tag.values] ?? "0") ?? -1
        guard values >= 0 else {
          throw MLflowError(
            "the run \(PlainText.oneLine(id)) on the server has \(quoted(tags[Tag.values] ?? "")) as its tag \(Tag.values); "
              + "expected how many values were sent, which bench wrote there: remove the run or mend the tag")
        }
        let parameters = (run["data"]?["params"]?.array ?? []).compactMap { $0["key"]?.string }
        runs[key, default: []].append(
          Run(
            id: id, status: run["info"]?["status"]?.string, endTime: run["info"]?["end_time"]?.int, values: values,
            digest: tags[Tag.digest], parameters: Set(parameters)))
      }
      token = answer["next_page_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    } while token != nil
    return runs
  }

  private func create(
    _ name: String, startedAt: Double, tags: [(String, String)], in experiment: String, on server: MLflowServer
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
    return Run(id: id, status: Status.running.rawValue, endTime: nil)
  }

  /// Sends those parameters that a run lacks: the export that made it may have been stopped before.
  ///
  /// - Returns: whether it lacked any.
  private func complete(
    _ parameters: [Parameter], of run: Run, on server: MLflowServer
  ) throws(MLflowError) -> Bool {
    let missing = parameters.filter { !run.parameters.contains($0.name) }.map { Self.entry($0.name, $0.value) }
    for start in stride(from: 0, to: missing.count, by: Self.parameterBatch) {
      _ = try server.call(
        "runs/log-batch",
        [
          "run_id": .string(run.id),
          "params": .array(Array(missing[start..<min(start + Self.parameterBatch, missing.count)])),
        ])
    }
    return !missing.isEmpty
  }

  /// Says how a run ended, and when.
  ///
  /// - Returns: whether that is new to the server.
  @discardableResult
  private func end(
    _ run: Run, status: Status, _ times: [Times], on server: MLflowServer
  ) throws(MLflowError) -> Bool {
    let last = status == .running ? nil : times.compactMap(\.endedAt).max().map(Self.milliseconds)
    guard run.status != status.rawValue || run.endTime != last else { return false }
    _ = try server.call(
      "runs/update",
      .object(
        [.init("run_id", .string(run.id)), .init("status", .string(status.rawValue))]
          + (last.map { [.init("end_time", .integer($0))] } ?? [])))
    return true
  }

  private func parent(
    of row: ConfigurationRecord, _ times: [Times], in experiment: String, _ known: inout [String: [Run]],
    on server: MLflowServer
  ) throws(MLflowError) -> Run {
    let run: Run
    if let earlier = known[row.hash]?.first {
      run = earlier
    } else {
      run = try create(
        row.configuration.label, startedAt: times.map(\.startedAt).min() ?? 0,
        tags: origin + [
          (Tag.parent, row.hash), (Tag.configuration, row.hash), ("bench.label", row.configuration.label),
        ],
        in: experiment, on: server)
    }
    _ = try complete(Self.parameters(row, seed: nil), of: run, on: server)
    known[row.hash] = [run]
    return run
  }

  /// Tags of all runs of the study.
  private var origin: [(String, String)] {
    [("bench.study", record.name), ("bench.revision", "\(record.revision)")]
      + (record.importedFile.map { [("bench.imported_from", $0.name)] } ?? [])
  }

  // MARK: Values

  private func send(
    _ snapshot: Snapshot, of row: ConfigurationRecord, _ times: Times, below parent: Run, in experiment: String,
    _ known: [Run], _ outcome: inout Outcome, on server: MLflowServer
  ) throws {
    let (trial, points) = (snapshot.record, MLflowPoints(snapshot.curves, blockSize: Self.batch))
    outcome.notFinite += points.notFinite
    let earlier = known.filter { $0.fits(points) }.max { $0.values < $1.values }
    if earlier == nil, !known.isEmpty { outcome.replaced += 1 }
    let run =
      try earlier
      ?? create(
        "\(row.configuration.label), seed \(trial.seed)", startedAt: times.startedAt,
        tags: origin + [
          (Tag.trial, trial.key), (Tag.configuration, row.hash), ("bench.label", row.configuration.label),
          ("mlflow.parentRunId", parent.id),
        ], in: experiment, on: server)
    var isChanged = try complete(Self.parameters(row, seed: trial.seed), of: run, on: server)
    let start = Self.milliseconds(times.startedAt)
    // As if all steps took equally long; a trial whose time nobody knows counts a millisecond for each.
    let pace = trial.result.flatMap { result in
      result.wallSeconds.ifMeasured.map { 1000 * $0 / Double(max(1, result.iterations)) }
    }
    var sent = run.values
    while sent < points.all.count {
      let next = points.all[sent..<min((sent / Self.batch + 1) * Self.batch, points.all.count)]
      sent += next.count
      isChanged = true
      _ = try server.call(
        "runs/log-batch",
        [
          "run_id": .string(run.id),
          "metrics": .array(
            next.map { point in
              [
                "key": .string(point.name), "value": .double(point.value), "step": .integer(point.iteration),
                "timestamp": .integer(start + Self.whole(Double(point.iteration) * (pace ?? 1))),
              ]
            }),
          "tags": .array([
            Self.entry(Tag.values, "\(sent)"), Self.entry(Tag.digest, points.digest(ofFirst: sent)),
          ]),
        ])
      outcome.values += next.count
    }
    if try end(run, status: Status(trial.state), [times], on: server) { isChanged = true }
    if earlier == nil {
      outcome.created += 1
    } else if isChanged {
      outcome.continued += 1
    } else {
      outcome.complete += 1
    }
  }
}
