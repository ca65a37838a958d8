import Experiments
import Foundation
import Statistics

@testable import Reporting

/// Nights with known losses.
enum NightSamples {
  static let machine = Machine(host: "night", cpu: "EPYC", cores: 4, workers: 2, program: "0.1.0")
  /// 2026-11-01, 03:17 UTC.
  static let start = 1_793_503_020.0

  /// Every third configuration loses half a point in the middle, and the next one also half of it again later; on the
  /// last third of the nights another program is at work, a tenth faster.
  static func nights(
    _ count: Int, configurations: Int = 1, labels: [String]? = nil, every seconds: Double = 86_400,
    noise: Double = 0.0005
  ) -> [Night] {
    var generator = SeededGenerator(seed: 4)
    return (0..<count).map { night in
      var other = machine
      if 3 * night >= 2 * count { other.program = "0.2.0" }
      let rows = (0..<configurations).map { index in
        let steps = index % 3 == 2 ? 0 : [0, index % 3 == 0 ? 1 : 2][2 * night >= count ? 1 : 0]
        let mended = index % 3 == 1 && 4 * night >= 3 * count ? 1 : 0
        let accuracy = 0.97 - 0.002 * Double(index) - 0.005 * Double(steps - mended) + noise * generator.nextNormal()
        let speed = (3 * night >= 2 * count ? 5500.0 : 5000) * (1 + 0.01 * generator.nextNormal())
        return Night.Configuration(
          hash: "hash\(index)",
          label: labels?[index % (labels?.count ?? 1)] ?? "lr \(0.1 / Double(index + 1)), padding same",
          values: [
            .init(metric: "test_accuracy", mean: accuracy, standardDeviation: 0.0008, count: 6),
            .init(metric: "images_per_second", mean: speed, standardDeviation: 40, count: 6),
          ])
      }
      return Night(
        recordedAt: start + seconds * Double(night), study: "nightly", revision: 1,
        commit: String(repeating: "\(night % 10)", count: 40) + (night % 4 == 3 ? "+" : ""), machine: other,
        numerics: 4,
        baseline: "main", verdict: "fine", configurations: rows)
    }
  }
}
