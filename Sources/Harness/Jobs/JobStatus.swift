import Experiments
import Foundation
import Presentation

/// How far a job's shards have come, at one moment.
package struct JobStatus: Printable, Sendable {
  /// What a shard is doing, as far as its folder tells.
  enum Phase: String, Sendable, CaseIterable {
    case waiting, queued, running, silent, stopped, ended
    /// All of its trials have ended, some of them by an error.
    case failed
  }

  private struct Row: Sendable {
    var shard: Int
    var trials: Int
    var phase: Phase
    var progress: ShardProgress?
    /// Seconds of work per second, in the manifest's unit, against the median of the job's shards.
    var speed: Double?
  }

  private let folder: JobFolder
  private let manifest: JobManifest
  private let rows: [Row]
  private let now: Double

  /// Looks at the folder.
  ///
  /// - Parameters:
  ///   - queued: the shards that wait in the engine's queue, as a hint.
  ///   - now: seconds since 1970, by the clock of the folder's file system.
  package init(_ folder: JobFolder, queued: Set<Int> = [], at now: Double? = nil) throws {
    let now = now ?? folder.now
    (self.folder, manifest, self.now) = (folder, try folder.readManifest(), now)
    let trials = manifest.trialCounts
    var rows: [Row] = []
    for index in 0..<manifest.shards {
      let shard = folder.shard(index)
      // A file that is damaged is like one that is missing: the shard's next beat replaces it.
      var progress = (try? JobFolder.readJSON(shard.heartbeat)).flatMap { $0 }.flatMap { try? ShardProgress(json: $0) }
      // The machine's own clock serves for how long its process has worked.
      if let found = progress, let beat = JobFolder.modified(shard.heartbeat) {
        progress?.beganAt += beat - found.at
        progress?.at = beat
      }
      var phase = Phase.waiting
      if let end = shard.end {
        phase = end.hasFailures ? .failed : .ended
      } else if let progress {
        phase = progress.isSilent(at: now) ? .silent : progress.phase == "running" ? .running : .stopped
      }
      if queued.contains(index), [.waiting, .stopped, .silent].contains(phase) { phase = .queued }
      rows.append(Row(shard: index, trials: trials[index], phase: phase, progress: progress))
    }
    let loads = manifest.loads
    let speeds = rows.map { Self.speed($0, load: loads[$0.shard]) }
    let known = speeds.compactMap(\.self).sorted()
    if known.count > 1 {
      let median = known[known.count / 2]
      for index in rows.indices { rows[index].speed = speeds[index].map { $0 / median } }
    }
    self.rows = rows
  }

  /// What a process did of its shard's work per second; `nil` before it says anything.
  private static func speed(_ row: Row, load: Double) -> Double? {
    guard let progress = row.progress, progress.done >= 0.5, progress.at - progress.beganAt > 5, row.trials > 0 else {
      return nil
    }
    return progress.done / Double(row.trials) * load / (progress.at - progress.beganAt)
  }

  /// Seconds until the shards at work have ended; `nil` where none says so.
  private var secondsToCome: Double? { rows.compactMap { $0.progress?.secondsToCome(at: now) }.max() }

  /// Whether every shard has ended.
  package var isComplete: Bool { rows.allSatisfy { [.ended, .failed].contains($0.phase) } }

  /// One row per shard for programs; for people a summary and the shards that say anything.
  package var printout: Printout {
    Printout(
      title: manifest.study,
      sections: [Section(id: "shards", title: "Shards", blocks: [.list(summary), .table(peopleTable)])],
      table: programTable, json: json,
      own: [.text: { summary.map { "\($0)\n" }.joined() + (peopleRows.isEmpty ? "" : "\n" + peopleTable.text()) }])
  }

  private var summary: [String] {
    let counts = Phase.allCases.compactMap { phase -> String? in
      let count = rows.count { $0.phase == phase }
      return count == 0 ? nil : "\(NumberText.count(count)) \(phase.rawValue)"
    }
    let ended = rows.reduce(0) { sum, row in
      sum + ([.ended, .failed].contains(row.phase) ? row.trials : (row.progress.map { $0.before + $0.ended } ?? 0))
    }
    var lines = [
      "\(PlainText.oneLine(manifest.study)): \(counts.joined(separator: ", ")) of \(NumberText.count(rows.count)) shards; "
        + "\(NumberText.count(ended)) of \(NumberText.count(manifest.keys.count)) trials have ended"
    ]
    let waiting = rows.count { [.waiting, .queued, .stopped].contains($0.phase) }
    if let seconds = secondsToCome {
      lines.append(
        "the shards at work need about \(NumberText.clock(seconds)) more"
          + (waiting > 0 ? "; \(NumberText.count(waiting)) have not begun or wait to go on" : ""))
    }
    let silent = rows.filter { $0.phase == .silent }.map(\.shard)
    if !silent.isEmpty {
      lines.append(
        "no sign of life for more than \(Int(ShardProgress.silentSeconds / 60)) minutes from the shards "
          + IndexRanges.text(silent))
    }
    let slow = rows.filter { $0.phase == .running && ($0.speed ?? 1) < Self.slow }.map(\.shard)
    if !slow.isEmpty {
      lines.append(
        "at less than \(NumberText.percent(Self.slow)) of the usual speed: the shards \(IndexRanges.text(slow))")
    }
    let place = Shell.quoted(folder.path)
    if isComplete {
      lines.append("all have ended: bench merge \(place) --db STORE")
    } else if rows.contains(where: { [.silent, .stopped].contains($0.phase) }) {
      lines.append("to start again what stopped: bench submit ENGINE --job \(place) --missing")
    }
    return lines
  }

  private static let slow = 0.6

  private var peopleRows: [Row] {
    // A page of them; the formats for programs have all.
    Array(
      (rows.filter { ![.waiting, .queued, .ended].contains($0.phase) } + rows.filter { $0.phase == .ended }).prefix(40)
    )
    .sorted { $0.shard < $1.shard }
  }

  private var peopleTable: Table {
    var table = Table([
      .init("shard", isNumeric: true), .init("state"), .init("host"), .init("trials", isNumeric: true),
      .init("failed", isNumeric: true), .init("speed", isNumeric: true), .init("left", isNumeric: true),
      .init("last sign"),
    ])
    table.rows = peopleRows.map { row in
      let progress = row.progress
      return [
        .integer(row.shard), .name(row.phase.rawValue), .name(progress?.host ?? NumberText.none),
        .name("\(progress.map { $0.before + $0.ended } ?? 0)/\(row.trials)"), .integer(progress?.failed ?? 0),
        .name(row.speed.map { "× \(NumberText.fixed($0, 2))" } ?? NumberText.none),
        .name(progress?.secondsToCome(at: now).map(NumberText.clock) ?? NumberText.none),
        .name(progress.map { "\(NumberText.clock(now - $0.at)) ago" } ?? NumberText.none),
      ]
    }
    return table
  }

  private var programTable: Table {
    Table(
      names: [
        "shard", "state", "host", "trials", "ended", "failed", "speed", "seconds_to_come", "began_at", "last_beat",
      ], values: rows.map(values))
  }

  private func values(_ row: Row) -> [JSONValue] {
    let progress = row.progress
    return [
      .integer(row.shard), .string(row.phase.rawValue), .optional(progress?.host), .integer(row.trials),
      .integer(progress.map { $0.before + $0.ended } ?? 0), .integer(progress?.failed ?? 0), .optional(row.speed),
      .optional(progress?.secondsToCome(at: now)), .optional(progress?.beganAt), .optional(progress?.at),
    ]
  }

  private var json: JSONValue {
    [
      "schema": 1, "study": .string(manifest.study), "folder": .string(folder.path),
      "trials": .integer(manifest.keys.count), "complete": .bool(isComplete),
      "seconds_to_come": .optional(secondsToCome), "shards": programTable.json,
    ]
  }
}
