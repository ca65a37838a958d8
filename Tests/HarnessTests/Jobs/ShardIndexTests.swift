import Testing

@testable import Harness

@Suite struct ShardIndexTests {
  @Test(arguments: [
    (["SLURM_ARRAY_TASK_ID": "3"], 3), (["JOB_COMPLETION_INDEX": "0"], 0), (["PBS_ARRAY_INDEX": "7"], 7),
    (["SGE_TASK_ID": "1"], 0), (["LSB_JOBINDEX": "8"], 7), (["CI_NODE_INDEX": "2"], 1), (["BENCH_SHARD": "5"], 5),
    (["SGE_TASK_ID": "undefined", "LSB_JOBINDEX": "0", "SLURM_ARRAY_TASK_ID": "2"], 2),
    (["SLURM_ARRAY_TASK_ID": "4", "JOB_COMPLETION_INDEX": "4"], 4),
    // Slurm counts the tasks that it was asked for: --array=3,17 are two.
    (["SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "2"], 3),
  ]) func autoReadsTheEnginesVariable(environment: [String: String], index: Int) throws {
    #expect(try ShardIndex.read("auto", of: 8, environment: environment) == index)
  }

  @Test(arguments: [
    ("8", [:], "--shard is \"8\"; expected 0 to 7, or auto"),
    ("-1", [:], "--shard is \"-1\"; expected 0 to 7, or auto"),
    ("one", [:], "--shard is \"one\"; expected 0 to 7, or auto"),
    (
      "auto", ["SLURM_ARRAY_TASK_ID": "8"], "--shard auto: SLURM_ARRAY_TASK_ID says shard 8; the job has 0 to 7"
    ),
    (
      "auto", ["SLURM_ARRAY_TASK_ID": "x"], "--shard auto: SLURM_ARRAY_TASK_ID is \"x\"; expected a whole number"
    ),
    (
      "auto", ["SLURM_ARRAY_TASK_ID": "1", "JOB_COMPLETION_INDEX": "2"],
      "--shard auto: SLURM_ARRAY_TASK_ID says shard 1, JOB_COMPLETION_INDEX says 2; give the number itself"
    ),
  ]) func refusesWhatIsNoShard(text: String, environment: [String: String], message: String) {
    let error = #expect(throws: UsageError.self) { try ShardIndex.read(text, of: 8, environment: environment) }
    #expect(error?.description == message)
  }

  @Test func autoNeedsAVariable() {
    let error = #expect(throws: UsageError.self) { try ShardIndex.read("auto", of: 8, environment: [:]) }
    #expect(error?.description.hasPrefix("--shard auto: none of BENCH_SHARD, SLURM_ARRAY_TASK_ID, ") == true)
  }
}
