import Experiments
import Presentation
import Testing

@testable import Reporting

@Suite struct HostSpeedTests {
  /// Seeds in turns on two machines, of which the second trains half as fast.
  private func record(_ ratio: Double = 0.5) -> StudyRecord {
    var record = Samples.modelABC()
    for (row, configuration) in record.configurations.enumerated() {
      for seed in configuration.trials.indices {
        let isSlow = seed % 2 == 1
        let speed = 1000.0 * Double(row + 1) * (isSlow ? ratio : 1)
        record.configurations[row].trials[seed].machine = Machine(
          host: isSlow ? "node|2" : "node1", cpu: "EPYC", cores: 4, workers: 4, program: "0.2.0")
        record.configurations[row].trials[seed].result?.imagesPerSecond = speed
      }
    }
    return record
  }

  @Test func hostsAreComparedOnTheSameConfigurations() throws {
    let hosts = HostSpeeds(record()).hosts
    #expect(hosts.map(\.name) == ["node1", "node|2"])
    #expect(hosts.map(\.trials) == [9, 9])
    // The median over six seeds lies between the two: 0.75 of the faster.
    for (speed, expected) in zip(hosts.compactMap(\.speed), [1 / 0.75, 0.5 / 0.75]) {
      #expect(abs(speed - expected) < 1e-12)
    }
    let caveat = try #require(HostSpeeds(record()).caveat)
    #expect(caveat.contains("node1 trains the same configurations 2.0 times as fast as node|2"))
    #expect(HostSpeeds(record(0.9)).caveat == nil, "that is no difference to speak of")
  }

  @Test func reportsNameTheHosts() {
    let text = Report(record()).text(.md)
    #expect(text.contains("| Machine | Processor | Trials | Speed |"))
    #expect(text.contains("| node\\|2 | EPYC | 9 | × 0.67 |"))
    #expect(text.contains("machines of different speed"))
  }

  @Test func oneMachineIsNotCompared() {
    #expect(HostSpeeds(Samples.modelABC()).hosts.isEmpty)
    var record = record()
    // A configuration that ran on one machine alone says nothing of the other.
    for row in record.configurations.indices {
      for seed in record.configurations[row].trials.indices {
        record.configurations[row].trials[seed].machine?.host = row == 0 ? "a" : "b"
      }
    }
    #expect(HostSpeeds(record).hosts.map(\.speed) == [nil, nil])
    #expect(HostSpeeds(record).caveat == nil)
  }
}
