import Datasets
import Experiments
import Foundation
import Presentation
import Runner
import StudySupport
import Synchronization
import Testing

@testable import Harness

/// What a trial will take is known before it is begun, and one that takes too much fails alone.
@Suite struct MemoryTests {
  /// Two variants, of which one has a large batch.
  private static func grid(batch: Int) -> String {
    """
    {"name": "poison", "dataset": {"name": "digits", "train": 2000, "test": 50},
     "model": {"layers": [{"type": "conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1}, {"type": "relu"},
       {"type": "flatten"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.01}, "training": {"batch_size": 10, "iterations": 2}, "seeds": [0, 1],
     "variants": {"big": {"training.batch_size": \(batch)}, "small": {}}}
    """
  }

  @Test func aTrialTooLargeForTheMachineFailsAndTheOthersTrain() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid(batch: 2000), to: "g.json")
      let memory = MachineMemory(limit: 60_000_000, available: 60_000_000, source: "this machine")
      let outcome = try await space.run { $0.memory = memory }
      #expect(outcome.summary.failed == 2 && outcome.summary.finished == 2)
      let failed = try #require(outcome.record.configurations.first?.trials.first)
      #expect(failed.state == .failed)
      let error = try #require(failed.error)
      #expect(
        error.contains(
          #/^the trial needs [0-9]+ MB of memory, and this machine has 60 MB; make training.batch_size \(2000\)/#),
        "\(error)")
      // It is not tried again unasked.
      #expect(try await space.run { $0.memory = memory }.summary.ends.isEmpty)
    }
  }

  @Test func theGateLetsInWhatFitsAndWhatIsAlone() {
    let gate = MemoryGate(room: 10)
    func enters(_ bytes: Int) -> Bool { gate.enter(bytes, while: { false }) }
    #expect(enters(12), "alone")
    #expect(!enters(1))
    gate.leave(12)
    #expect(enters(6) && enters(4))
    #expect(!enters(1))
    gate.leave(4)
    #expect(enters(3) && !enters(2))
  }

  @Test func trialsThatDoNotFitTogetherTrainOneAfterAnother() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid(batch: 2000), to: "g.json")
      let needs = try StudyMemory(space.source().study(), library: space.source().library)
      let largest = try #require(needs.trialBytes.max())
      let memory = MachineMemory(limit: 10 * largest, available: largest + largest / 2)
      let run = try space.start { $0.memory = memory }
      let notices = Notices()
      let atWork = Mutex((now: Set<Int>(), most: 0))
      let summary = await run.train { event in
        switch event {
        case .notice(let text): notices.append(text)
        case .trial(.trial(let index, _)) where index < 2:
          atWork.withLock {
            $0.now.insert(index)
            $0.most = max($0.most, $0.now.count)
          }
        case .trial(.ended(let index, _)): atWork.withLock { _ = $0.now.remove(index) }
        default: break
        }
      }
      #expect(summary.finished == 4)
      #expect(atWork.withLock { $0.most } == 1, "two large trials were at work at the same time")
      #expect(notices.all.contains { $0.contains("workers may need") && $0.contains("a trial is begun when") })
    }
  }

  @Test func theControlGroupsLimitCounts() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-tests-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ text: String, _ path: String) throws {
      let place = folder.appending(path: path)
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: place, atomically: true, encoding: .utf8)
    }
    func memory() -> MachineMemory { MachineMemory(root: folder.path) }
    try write("MemTotal:       8000000 kB\nMemAvailable:    5000000 kB\n", "proc/meminfo")
    #expect(memory() == MachineMemory(limit: 8_000_000 << 10, available: 5_000_000 << 10, source: "this machine"))
    // Version 2: the group has no limit, the one that it is in has.
    try write("0::/a/b\n", "proc/self/cgroup")
    try write("max\n", "sys/fs/cgroup/a/b/memory.max")
    try write("3000000000\n", "sys/fs/cgroup/a/memory.max")
    try write("1000000000\n", "sys/fs/cgroup/a/memory.current")
    try write("anon 1\ninactive_file 400000000\n", "sys/fs/cgroup/a/memory.stat")
    #expect(memory() == MachineMemory(limit: 3_000_000_000, available: 2_400_000_000, source: "the control group"))
    // Version 1, where a large number is no limit.
    try write("7:cpu,cpuacct:/x\n5:memory:/x\n", "proc/self/cgroup")
    try write("9223372036854771712\n", "sys/fs/cgroup/memory/memory.limit_in_bytes")
    try write("2000000000\n", "sys/fs/cgroup/memory/x/memory.limit_in_bytes")
    try write("500000000\n", "sys/fs/cgroup/memory/x/memory.usage_in_bytes")
    #expect(memory() == MachineMemory(limit: 2_000_000_000, available: 1_500_000_000, source: "the control group"))
  }

  @Test func thePlanSaysIt() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid(batch: 2000), to: "g.json")
      let memory = MachineMemory(limit: 60_000_000, available: 60_000_000)
      let plan = try PlannedStudy(
        space.source(), storePath: space.storePath, workers: 2, timesSteps: true, memory: memory
      ).plan
      let text = plan.text()
      #expect(text.contains("memory: a trial takes") && text.contains("(big); 2 workers with the data need"), "\(text)")
      #expect(text.contains("note: this machine has not the memory for big: their trials would fail"), "\(text)")
      let rows = try #require(plan.json["configurations"]?.array)
      #expect(rows.allSatisfy { ($0["peak_bytes"]?.int ?? 0) > 0 })
      #expect(plan.table.csv().contains("peak_bytes"))
    }
  }
}
