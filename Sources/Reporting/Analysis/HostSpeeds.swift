import Experiments
import Foundation
import Presentation
import Statistics

/// The machines that trained a study, where there are several, and how fast each was.
struct HostSpeeds: Sendable {
  struct Host: Sendable, Equatable {
    var name: String
    var cpu: String
    /// Trials that ran to their end there.
    var trials: Int
    /// Images per second against the median of all machines, of the same configurations; `nil` where no configuration ran
    /// on another machine too.
    var speed: Double?
  }

  /// In alphabetical order; empty for a study of one machine.
  let hosts: [Host]

  /// The ratio of speeds from which machines are said to differ.
  static let notable = 1.25

  init(_ record: StudyRecord) {
    let trials = record.configurations.enumerated().flatMap { index, row in
      row.trials.compactMap { trial -> (configuration: Int, machine: Machine, speed: Double)? in
        guard let machine = trial.machine, let result = trial.result else { return nil }
        return (index, machine, result.imagesPerSecond)
      }
    }
    let byHost = Dictionary(grouping: trials) { $0.machine.host }
    guard byHost.count > 1 else {
      hosts = []
      return
    }
    // The logarithm of each host's speed against that of all, for each configuration that ran on another host too.
    var ratios: [String: [Double]] = [:]
    for (_, all) in Dictionary(grouping: trials.filter { $0.speed.isFinite && $0.speed > 0 }, by: \.configuration) {
      guard let common = Summary(all.map(\.speed))?.median else { continue }
      for (host, here) in Dictionary(grouping: all, by: \.machine.host) where here.count < all.count {
        guard let own = Summary(here.map(\.speed))?.median else { continue }
        ratios[host, default: []].append(log(own / common))
      }
    }
    hosts = byHost.sorted { $0.key < $1.key }.map { name, trials in
      Host(
        name: name, cpu: Set(trials.map(\.machine.cpu)).sorted().joined(separator: " and "), trials: trials.count,
        speed: ratios[name].map { exp($0.sorted().reduce(0, +) / Double($0.count)) })
    }
  }

  /// Says so where the machines' speeds differ; `nil` where they don't, or nothing is known.
  var caveat: String? {
    let known = hosts.filter { $0.speed != nil }
    guard let slowest = known.min(by: { $0.speed ?? 1 < $1.speed ?? 1 }),
      let fastest = known.max(by: { $0.speed ?? 1 < $1.speed ?? 1 }), let low = slowest.speed, let high = fastest.speed,
      high / low >= Self.notable
    else { return nil }
    return
      "Trials ran on \(NumberText.count(hosts.count)) machines of different speed: \(fastest.name) trains the same "
      + "configurations \(NumberText.fixed(high / low, 1)) times as fast as \(slowest.name), so times and speeds also say "
      + "where a trial ran."
  }

  /// One row per machine.
  var table: Table {
    var table = Table([
      .init("Machine"), .init("Processor"), .init("Trials", isNumeric: true), .init("Speed", isNumeric: true),
    ])
    table.rows = hosts.map { host in
      [
        .name(host.name), .name(host.cpu), .count(host.trials),
        .name(host.speed.map { "× \(NumberText.fixed($0, 2))" } ?? NumberText.none),
      ]
    }
    return table
  }

  var json: JSONValue {
    .array(
      hosts.map { host in
        [
          "host": .string(host.name), "cpu": .string(host.cpu), "trials": .integer(host.trials),
          "relative_speed": .optional(host.speed),
        ]
      })
  }
}
