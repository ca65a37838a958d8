import Foundation
import Presentation

/// What any other engine, or a person at a second machine, needs to start the shards.
package enum ScriptInstructions {
  /// A text of shell comments and commands: run as a script it trains the shards one by one.
  package static func text(_ job: Job, shards: [Int], start: StartCommand, database: String) -> String {
    let folder = job.folder
    let (count, list) = (shards.count, IndexRanges.text(shards))
    guard !shards.isEmpty else {
      return "# \(folder.path): every shard has ended; bench merge makes one store of them\n"
    }
    return """
      #!/bin/sh
      # The study \(PlainText.oneLine(job.manifest.study)) in \(job.manifest.shards) shards; to train: \(list).
      # Each shard may run anywhere where this folder is seen, at any time, more than once; what is done is not done again.
      # Exit codes: 0 all trials ended, 3 some failed, 130 stopped (start it again), 1 something else went wrong.

      # One by one, here or on a second machine (leave out those that another machine takes):
      for shard in \(shards.count > 20 ? "$(seq \(shards[0]) \(shards[shards.count - 1]))" : shards.map { "\($0)" }.joined(separator: " ")); do
        \(start.text(folder, shard: "SHARD").replacingOccurrences(of: "SHARD", with: "\"$shard\"")) || [ $? -eq 3 ] || exit
      done

      # Engines that number the tasks of an array start each task with
      #   \(start.text(folder, shard: "auto"))
      # and say so:
      #   PBS:       qsub -J \(list.contains(",") ? "0-\(job.manifest.shards - 1)" : list) …        (PBS_ARRAY_INDEX)
      #   SGE:       qsub -t 1-\(job.manifest.shards) …        (SGE_TASK_ID, from 1)
      #   LSF:       bsub -J "bench[1-\(job.manifest.shards)]" …    (LSB_JOBINDEX, from 1)
      #   HTCondor:  environment = "BENCH_SHARD=$(Process)" and queue \(count)
      #   GitHub:    strategy: {matrix: {shard: [\(shards.prefix(20).map { "\($0)" }.joined(separator: ", "))\(count > 20 ? ", …" : "")]}}, with --shard ${{ matrix.shard }}
      #   GitLab:    parallel: \(job.manifest.shards)                    (CI_NODE_INDEX, from 1)

      # Then, and at any time before:
      #   bench status \(Shell.quoted(folder.path))
      #   bench merge \(Shell.quoted(folder.path)) --db \(Shell.quoted(database))

      """
  }
}
