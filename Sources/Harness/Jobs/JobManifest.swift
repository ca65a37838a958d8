import Experiments
import Foundation
import Presentation

/// How a study was cut into shards: all that a shard must know to train the trials that are its own, and to see that it
/// would train the same ones.
package struct JobManifest: Sendable, Equatable {
  /// A data set and the digest of its contents.
  struct Data: Sendable, Equatable {
    var name: String
    var digest: String
  }

  /// The format that this program writes and reads.
  static let format = 1

  /// The study's name.
  package var study: String
  /// Seconds since 1970.
  var createdAt: Double
  /// The version of the program that made the job.
  var program: String
  /// The version of the engine's numbers, which is a part of each trial's key.
  var numerics: Int
  /// SHA-256 of `grid.json`.
  var gridDigest: String
  /// The folder from which relative paths in the grid count.
  var gridFolder: String
  /// The data that the trials learn from.
  var data: [Data]
  /// The trials' keys: all seeds of the first configuration, then of the second …
  var keys: [String]
  /// The shard of each trial, from 0.
  var assignment: [Int]
  /// What each shard has to do, in seconds of one worker or, where no step was timed, in multiply-adds.
  var loads: [Double]

  /// The number of shards.
  package var shards: Int { loads.count }

  /// The keys of a shard's trials.
  func keys(of shard: Int) -> Set<String> {
    Set(zip(keys, assignment).lazy.filter { $0.1 == shard }.map(\.0))
  }

  /// The number of trials of each shard.
  var trialCounts: [Int] {
    assignment.reduce(into: [Int](repeating: 0, count: shards)) { $0[$1] += 1 }
  }

  /// Whether both cut the same trials in the same way, whenever and by whatever timings that was.
  func isSameWork(as other: JobManifest) -> Bool {
    study == other.study && numerics == other.numerics && keys == other.keys && shards == other.shards
      && gridFolder == other.gridFolder
  }
}

extension JobManifest {
  /// The file's contents.
  var json: JSONValue {
    [
      "format": .integer(Self.format), "study": .string(study), "created_at": .double(createdAt),
      "program": .string(program), "numerics": .integer(numerics), "grid_sha256": .string(gridDigest),
      "grid_folder": .string(gridFolder),
      "data": .array(data.map { ["name": .string($0.name), "digest": .string($0.digest)] }),
      "shards": .integer(shards), "loads": .array(loads.map { .double($0) }),
      "trials": .array(keys.map { .string($0) }), "assignment": .array(assignment.map { .integer($0) }),
    ]
  }

  /// Reads a manifest.
  ///
  /// - Throws: ``JobFileError`` with what is missing or does not fit.
  init(json: JSONValue) throws {
    let fields = JobFields(json)
    let format = try fields.int("format")
    guard format == Self.format else {
      throw JobFileError(
        "its format is \(format), and this program reads \(Self.format): it was written by another version of bench")
    }
    let loads = try fields.array("loads").map { try JobFields.number($0, "loads") }
    let keys = try fields.array("trials").map { try JobFields.text($0, "trials") }
    let assignment = try fields.array("assignment").map { try JobFields.whole($0, "assignment") }
    guard try fields.int("shards") == loads.count, !loads.isEmpty else {
      throw JobFileError("loads has \(loads.count) entries; expected one per shard")
    }
    guard keys.count == assignment.count else {
      throw JobFileError("assignment has \(assignment.count) entries for \(keys.count) trials; expected as many")
    }
    if let stray = assignment.first(where: { !loads.indices.contains($0) }) {
      throw JobFileError("assignment names shard \(stray); expected 0 to \(loads.count - 1)")
    }
    self.init(
      study: try fields.text("study"), createdAt: try fields.number("created_at"), program: try fields.text("program"),
      numerics: try fields.int("numerics"), gridDigest: try fields.text("grid_sha256"),
      gridFolder: try fields.text("grid_folder"),
      data: try fields.array("data").map { entry in
        let entry = JobFields(entry)
        return Data(name: try entry.text("name"), digest: try entry.text("digest"))
      }, keys: keys, assignment: assignment, loads: loads)
  }
}
