import Foundation
import Testing

@testable import Harness

/// The processors of a process, on machines whose `/proc` and `/sys` are made up.
@Suite struct ProcessorTests {
  private func available(_ files: [String: String], environment: [String: String] = [:]) throws -> Int {
    let root = FileManager.default.temporaryDirectory.appending(path: "bench-tests-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return MachineProcessors.available(environment: environment, root: root.path)
  }

  private static let status = "Name:\tbench\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8,10-11\n"

  @Test func affinityAndQuotasLimitTheWorkers() throws {
    #expect(try available(["proc/self/status": Self.status]) == 7)
    let group = ["proc/self/status": Self.status, "proc/self/cgroup": "0::/jobs/one\n"]
    #expect(try available(group.merging(["sys/fs/cgroup/jobs/cpu.max": "max 100000\n"]) { $1 }) == 7)
    #expect(try available(group.merging(["sys/fs/cgroup/jobs/cpu.max": "250000 100000\n"]) { $1 }) == 3)
    #expect(
      try available(
        group.merging([
          "sys/fs/cgroup/jobs/cpu.max": "250000 100000\n", "sys/fs/cgroup/jobs/one/cpu.max": "50000 100000\n",
        ]) { $1 }) == 1)
    #expect(
      try available([
        "proc/self/status": Self.status, "proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_quota_us": "200000\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/x/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us": "100000\n",
      ]) == 2)
  }

  @Test func slurmSaysItself() throws {
    #expect(try available(["proc/self/status": Self.status], environment: ["SLURM_CPUS_PER_TASK": "5"]) == 5)
    #expect(try available(["proc/self/status": Self.status], environment: ["SLURM_CPUS_PER_TASK": "many"]) == 7)
  }
}
