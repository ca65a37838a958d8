import Experiments
import Foundation
import Presentation
import Tracking
import Training

/// How a study is cut into shards, and what that costs: the longest shard, the time that the others wait for it, the space.
package struct JobPlan: Sendable {
  /// The study's name.
  let study: String
  let assignment: ShardAssignment
  /// Whether ``ShardAssignment/loads`` are seconds of one worker; otherwise they are multiply-adds.
  let isTimed: Bool
  private let trials: Int
  /// Trials at the same time on each machine.
  private let workers: Int
  private let storeBytes: Int
  private let weightBytes: Int
  private let shardOfEach: [Int]

  /// Cuts a prepared study.
  ///
  /// - Parameter timesSteps: whether a few training steps are timed now; otherwise the multiply-adds decide.
  package init(
    _ prepared: PreparedStudy, _ source: GridSource, shards: Int, workers: Int = 1, timesSteps: Bool = true
  ) throws {
    let plan = StudyPlan(prepared.study)
    var forecast = StudyForecast(prepared.study, plan, memory: prepared.memory, machine: MachineMemory())
    if timesSteps { try forecast.time(prepared.study, plan, source.library) }
    let seconds = forecast.trialSeconds
    isTimed = !seconds.contains(nil)
    let costs = isTimed ? seconds.compactMap(\.self) : forecast.trialWork(plan)
    let keys = prepared.identity.configurations.map(\.keys)
    assignment = ShardAssignment(keys: keys, costs: costs, shards: shards)
    (study, trials, self.workers) = (prepared.study.name, keys.reduce(0) { $0 + $1.count }, workers)
    storeBytes = forecast.storeBytes(ofEach: keys.map(\.count))
    weightBytes = forecast.weightBytes(ofEach: keys.map(\.count))
    shardOfEach = assignment.shards.reduce(into: [Int](repeating: 0, count: shards)) { $0[$1] += 1 }
  }

  private var longest: Double { assignment.loads.max() ?? 0 }

  /// The share of all shards' time for which shards have ended and wait for the longest.
  private var idleShare: Double {
    let total = longest * Double(assignment.loads.count)
    return total > 0 ? 1 - assignment.loads.reduce(0, +) / total : 0
  }
}

extension JobPlan: Printable {
  /// For people the job in a few lines; for programs one row per shard.
  package var printout: Printout {
    Printout(
      title: study,
      sections: [Section(id: "shards", title: "Shards", blocks: [.list(lines)])], table: table, json: json,
      own: [.text: { lines.map { "\($0)\n" }.joined() }])
  }

  private var lines: [String] {
    let shards = assignment.loads.count
    let (fewest, most) = (shardOfEach.min() ?? 0, shardOfEach.max() ?? 0)
    let each = fewest == most ? NumberText.count(most) : "\(NumberText.count(fewest)) to \(NumberText.count(most))"
    var lines = [
      "\(NumberText.count(shards)) shards of \(PlainText.oneLine(study)): \(NumberText.count(trials)) trials, \(each) each"
    ]
    if isTimed {
      lines.append(
        "the longest shard: about \(NumberText.clock(longest / Double(workers))) with "
          + "\(workers == 1 ? "one worker" : "\(workers) workers"), as this machine trains")
    }
    lines.append("idle: \(NumberText.fixed(100 * idleShare, 0)) % of the shards' time, waiting for the longest")
    lines.append(
      "the merged store: about \(NumberText.bytes(storeBytes)), and \(NumberText.bytes(weightBytes)) of weights "
        + "(none with --no-weights)")
    if fewest == 0 { lines.append("some shards have no trial: there are fewer trials than shards") }
    return lines
  }

  private var table: Table {
    Table(
      names: ["shard", "trials", isTimed ? "seconds" : "multiply_adds"],
      values: zip(shardOfEach, assignment.loads).enumerated().map { index, pair in
        [.integer(index), .integer(pair.0), .double(pair.1)]
      })
  }

  private var json: JSONValue {
    [
      "schema": 1, "study": .string(study), "trials": .integer(trials), "shards": .integer(assignment.loads.count),
      "unit": .string(isTimed ? "seconds" : "multiply_adds"), "longest": .double(longest),
      "idle_share": .double(idleShare), "store_bytes": .integer(storeBytes), "weight_bytes": .integer(weightBytes),
      "loads": .array(assignment.loads.map { .double($0) }),
    ]
  }
}
