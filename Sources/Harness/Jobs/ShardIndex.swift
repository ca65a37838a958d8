import Experiments
import Presentation

/// The number of a shard as the command line has it: a number, or `auto`, which is what the engine that started the
/// process says.
package enum ShardIndex {
  /// The variables in which engines number the tasks of an array, and the number of the first task.
  static let variables: [(name: String, first: Int)] = [
    ("BENCH_SHARD", 0), ("SLURM_ARRAY_TASK_ID", 0), ("JOB_COMPLETION_INDEX", 0), ("PBS_ARRAY_INDEX", 0),
    ("PBS_ARRAYID", 0), ("SGE_TASK_ID", 1), ("LSB_JOBINDEX", 1), ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
    ("CLOUD_RUN_TASK_INDEX", 0), ("CI_NODE_INDEX", 1),
  ]

  /// Reads the option.
  ///
  /// - Parameters:
  ///   - text: the option's value.
  ///   - count: the number of shards, which the manifest alone says: engines count what they were asked to start.
  /// - Throws: ``UsageError`` where it is not the number of a shard, or two variables disagree.
  package static func read(_ text: String, of count: Int, environment: [String: String]) throws -> Int {
    guard text == "auto" else {
      guard let index = Int(text), (0..<count).contains(index) else {
        throw UsageError("--shard is \(quoted(text)); expected 0 to \(count - 1), or auto")
      }
      return index
    }
    let found = try variables.compactMap { name, first -> (name: String, index: Int)? in
      // Outside of an array SGE says "undefined", and LSF 0.
      guard let value = environment[name], !value.isEmpty, value != "undefined" else { return nil }
      guard let number = Int(value) else {
        throw UsageError("--shard auto: \(name) is \(quoted(value)); expected a whole number")
      }
      return number < first ? nil : (name, number - first)
    }
    guard let one = found.first else {
      throw UsageError(
        "--shard auto: none of \(variables.map(\.name).joined(separator: ", ")) is set; give the number, 0 to \(count - 1)"
      )
    }
    if let other = found.first(where: { $0.index != one.index }) {
      throw UsageError(
        "--shard auto: \(one.name) says shard \(one.index), \(other.name) says \(other.index); give the number itself")
    }
    guard (0..<count).contains(one.index) else {
      throw UsageError("--shard auto: \(one.name) says shard \(one.index); the job has 0 to \(count - 1)")
    }
    return one.index
  }
}
