import Experiments
import Foundation
import Presentation
import Tracking

/// Studies and results that are to leave a store, with all that belongs to them.
package struct StoreRemoval: Printable, Sendable {
  /// Bytes of the store that a loss or score takes, page overhead included.
  private static let bytesPerValue = 21

  private let targets: [StoreTarget]
  private let path: String
  private let plan: RemovalPlan
  private let files: Files

  /// The files of trials as they were at one moment: one that was written anew since is another trial's.
  private struct Files: Sendable {
    var weights: [String: FileIdentity] = [:]
    var checkpoints: [String: FileIdentity] = [:]
  }

  /// Looks at what goes; changes nothing.
  ///
  /// - Parameter words: what users name: `STUDY`, `STUDY@2`, or the beginning of a trial's key.
  /// - Throws: `StoreError` where there is no such thing.
  package init(_ words: [String], in path: String) throws {
    let store = try Store(path: path, access: .readOnly)
    targets = try words.map { try store.target(named: $0) }
    plan = try store.removalPlan(targets)
    let folders = StoreFolders(store: path)
    var files = Files()
    for part in plan.parts {
      for digest in part.weights {
        files.weights[digest] = FileIdentity(URL(filePath: folders.weights.path(key: digest)))
      }
      for key in part.trials {
        files.checkpoints[key] = FileIdentity(URL(filePath: folders.checkpoints.path(key: key)))
      }
    }
    (self.path, self.files) = (path, files)
  }

  /// Why nothing of it may be removed, one line for each reason; empty where it may.
  ///
  /// - Parameter force: whether studies go that baselines were saved of.
  package func obstacles(force: Bool) -> [String] { Self.obstacles(plan, force: force) }

  private static func obstacles(_ plan: RemovalPlan, force: Bool) -> [String] {
    plan.running.map { trial in
      "\(trial.processText) is at work on trial \(trial.key.prefix(12)) of study \(PlainText.oneLine(trial.study))"
        + "\(trial.silence); wait for it, or stop it"
    }
      + (force ? [] : plan.baselines).map { baseline in
        "baseline \(PlainText.oneLine(baseline.baseline)) was saved of study \(PlainText.oneLine(baseline.study)), "
          + "revision \(baseline.revision); --force removes the study all the same, and the baseline keeps its numbers"
      }
  }

  /// Removes it: the rows in one transaction, then the files, then the store is folded into one file. Who is killed in
  /// between leaves files that no row names, which ``StoreSweep`` finds.
  ///
  /// - Throws: ``OperationalError`` where something stands against it, or where it is not what was looked at any more:
  ///   nothing is removed then.
  package func perform(force: Bool) throws {
    let store = try Store(path: path, access: .readWrite)
    let removed: RemovalPlan
    do {
      removed = try store.remove(targets) { plan in
        if let obstacle = Self.obstacles(plan, force: force).first { throw OperationalError(obstacle) }
        guard plan.parts == self.plan.parts else {
          throw OperationalError(
            "what is to be removed has changed since it was shown; nothing was removed: look again")
        }
      }
    } catch {
      try? store.close()
      throw error
    }
    for part in removed.parts {
      for digest in part.weights { try files.weights[digest]?.remove() }
      for key in part.trials { try files.checkpoints[key]?.remove() }
    }
    try store.close()
  }

  // MARK: Output

  /// For people a row per study, revision or trial; for programs the same with raw numbers.
  package var printout: Printout {
    Printout(title: "What is removed", sections: sections, table: table, json: json)
  }

  private var sections: [Section] {
    var table = Table([
      .init("study"), .init("revision or trial"), .init("trials", isNumeric: true),
      .init("kept elsewhere", isNumeric: true), .init("curve values", isNumeric: true),
      .init("weight files", isNumeric: true), .init("notes and tags", isNumeric: true),
      .init("space", isNumeric: true),
    ])
    table.rows = plan.parts.map { part in
      let name = part.revision.map { "revision \($0)" } ?? "\(part.label ?? ""), seed \(part.seed ?? 0): its results"
      return [
        .name(part.study), .name(name), .count(part.trials.count), .count(orEmpty: part.sharedTrials),
        .count(orEmpty: part.curveValues), .count(orEmpty: weights(of: part).count), .count(orEmpty: part.annotations),
        .name(bytesText(of: part)),
      ]
    }
    return [Section(id: "removed", title: "Parts", blocks: [.table(table)] + (notes.isEmpty ? [] : [.list(notes)]))]
  }

  private var notes: [String] {
    let trials = plan.parts.filter { $0.revision == nil }
    return obstacles(force: false)
      + (trials.contains { $0.importedTrials == 0 }
        ? ["a trial keeps its place in its studies as one that is planned: bench run GRID trains it again"] : [])
      + (trials.contains { $0.importedTrials > 0 }
        ? [
          "a trial of another program keeps its place in its studies as one that is planned: bench import FILE --study "
            + "NAME with the same file brings its curves back"
        ] : [])
      + (trials.isEmpty ? [] : ["tags and notes of a trial whose results go are kept"])
      + (plan.parts.contains { $0.sharedTrials > 0 }
        ? ["trials that other studies or revisions have too are kept: they go with the last of these"] : [])
  }

  private func weights(of part: RemovalPlan.Part) -> [FileIdentity] { part.weights.compactMap { files.weights[$0] } }

  private func checkpoints(of part: RemovalPlan.Part) -> [FileIdentity] {
    part.trials.compactMap { files.checkpoints[$0] }
  }

  private func fileBytes(of part: RemovalPlan.Part) -> Int {
    (weights(of: part) + checkpoints(of: part)).reduce(0) { $0 + $1.size }
  }

  private func bytesText(of part: RemovalPlan.Part) -> String {
    let bytes = fileBytes(of: part) + part.curveValues * Self.bytesPerValue
    return bytes == 0 ? "" : "≈ " + NumberText.bytes(bytes)
  }

  private var table: Table {
    Table(
      names: [
        "study", "revision", "trial", "label", "seed", "trials", "shared_trials", "curve_values", "weight_files",
        "checkpoints", "file_bytes", "store_bytes", "annotations",
      ],
      values: plan.parts.map { part in
        [
          .string(part.study), .optional(part.revision),
          part.revision == nil ? part.trials.first.map { .string($0) } ?? .null : .null,
          .optional(part.label), part.seed.map { .number(JSONNumber($0)) } ?? .null, .integer(part.trials.count),
          .integer(part.sharedTrials), .integer(part.curveValues), .integer(weights(of: part).count),
          .integer(checkpoints(of: part).count), .integer(fileBytes(of: part)),
          .integer(part.curveValues * Self.bytesPerValue), .integer(part.annotations),
        ]
      })
  }

  private var json: JSONValue {
    [
      "schema": 1, "store": .string(path), "parts": table.json,
      "obstacles": .array(obstacles(force: false).map { .string($0) }),
    ]
  }
}

extension RunningTrial {
  /// The process that works on it, and its host.
  var processText: String { "process \(owner.process) on \(PlainText.oneLine(owner.host))" }

  /// What is to be said of a process that may be suspended; empty for one that was heard of.
  var silence: String {
    guard state == .stale else { return "" }
    let since = Date.now.timeIntervalSince1970 - heartbeatAt
    return " and has not been heard of for \(NumberText.duration(since)), as if it were suspended"
  }
}
