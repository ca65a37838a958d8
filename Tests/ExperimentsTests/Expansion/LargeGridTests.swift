import Foundation
import Testing

@testable import Experiments

@Suite struct LargeGridTests {
  /// 100,000 configurations, over the optimizer, the model and the training.
  static let text = grid([
    "axes": """
    {"optimizer.lr": [\((1...50).map { "0.\($0)1" }.joined(separator: ", "))],
     "optimizer.momentum": [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
     "model.kernel_size": [1, 2, 3, 4, 5], "model.pooling": ["max", "average"], "model.padding": ["same", "full"],
     "training.batch_size": [\((1...10).map { "\($0 * 10)" }.joined(separator: ", "))]}
    """, "exclude": #"[{"optimizer.lr": 0.11, "model.pooling": "max", "model.padding": "full"}]"#,
  ])

  @Test func hundredThousandConfigurationsExpandWithinTime() throws {
    let before = peakMegabytes()
    let start = clock()
    let study = try study(Self.text)
    let expanded = clock()
    let hashes = Set(study.configurationHashes())
    let seconds = (expand: Double(expanded - start) / 1e6, hash: Double(clock() - expanded) / 1e6)
    print(
      "processor time: \(seconds.expand) s expanded, \(seconds.hash) s hashed; peak \(before), \(peakMegabytes()) MB")
    #expect(study.configurations.count == 89_600)
    #expect(study.configurations.prefix(200).allSatisfy { hashes.contains($0.configuration.hash) })
    #expect(hashes.count == study.configurations.count)
    #expect(seconds.expand < 2 && seconds.hash < 4)
  }

  private func peakMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
  }
}
