import Foundation
import Presentation

/// What any other engine, or a person at a second machine, needs to start the shards.
package enum ScriptInstructions {
  /// A text of shell comments and commands: run as a script it trains the shards one by one.
  package static func text(_ job: Job, shards: [Int], start: StartCommand, database: String) -> String {
    let (folder, program) = (job.folder, Shell.quoted(start.program))
    guard !shards.isEmpty else {
      return "# \(folder.path): every shard has ended; bench merge makes one store of them\n"
    }
    let numbers = shards.map { "\($0)" }
    let all = job.manifest.shards
    return """
      #!/bin/sh
      # The study \(PlainText.oneLine(job.manifest.study)) in \(counted(all, "shard")); to train: \(IndexRanges.text(shards)).
      # Each shard may run anywhere where this folder is seen, at any time, more than once; what is done is not done again.
      # Exit codes: 0 all trials ended, 3 some failed, 130 stopped (start it again), 1 something else went wrong.

      # One by one, here or on a second machine (leave out those that another machine takes):
      for shard in \(numbers.joined(separator: " ")); do
        \(program) \(start.text(folder, shard: "\"$shard\""))
        code=$?
        [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || exit "$code"
      done

      # Engines that number the tasks of an array start each task with
      #   \(program) \(start.text(folder, shard: "auto"))
      # and set one of these variables; a task whose shard has ended ends at once:
      #   PBS:       qsub -J 0-\(max(1, all - 1))              PBS_ARRAY_INDEX
      #   SGE:       qsub -t 1-\(all)              SGE_TASK_ID, from 1
      #   LSF:       bsub -J "bench[1-\(all)]"     LSB_JOBINDEX, from 1
      #   HTCondor:  environment = "BENCH_SHARD=$(SHARD)"
      #              queue SHARD in (\(numbers.joined(separator: ", ")))
      #   GitLab:    parallel: \(all)               CI_NODE_INDEX, from 1
      #   GitHub:    strategy: {matrix: {shard: [\(numbers.joined(separator: ", "))]}}, and --shard ${{ matrix.shard }}

      # Then, and at any time before:
      #   bench status \(Shell.quoted(folder.path))
      #   bench merge \(Shell.quoted(folder.path)) --db \(Shell.quoted(database))

      """
  }
}
