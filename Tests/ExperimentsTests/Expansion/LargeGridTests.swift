import Foundation
import TestSupport
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
    let start = ThreadTime.seconds
    let study = try study(Self.text)
    let expanded = ThreadTime.seconds
    let plan = StudyPlan(study)
    let hashes = Set(plan.rows.map(\.hash))
    let seconds = (expand: expanded - start, plan: ThreadTime.seconds - expanded)
    print(
      "processor time: \(seconds.expand) s expanded, \(seconds.plan) s planned and hashed; peak \(before), \(peakMegabytes()) MB"
    )
    #expect(study.configurations.count == 89_600)
    #expect(study.configurations.prefix(200).allSatisfy { hashes.contains($0.resolved.hash) })
    #expect(plan.networks.count < 20 && plan.text().utf8.count < 200_000)
    #expect(hashes.count == study.configurations.count)
    // A sanitizer makes it several times as slow.
    if !Sanitizer.isOn { #expect(seconds.expand < 3 && seconds.plan < 4) }
  }

  private func peakMegabytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) / 1024
  }
}

/// Grids that mean to exhaust time or memory are refused soon.
@Suite(.serialized) struct GreedyGridTests {
  private static func repeated(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined(separator: ",")
  }

  /// A grid that asks for too much; its text, of megabytes, stays out of the test's log.
  struct Grid: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
  }

  @Test(arguments: [
    Grid(
      testDescription: "2^60 points under conditions that lead nowhere",
      text: grid([
        "when": "[\(repeated(60) { #"{"if": {"loss": "cross_entropy"}, "axes": {"model.hidden[\#($0)]": [1, 2]}}"# })]"
      ])),
    Grid(
      testDescription: "2^60 points under conditions",
      text: grid([
        "model": #"{"family": "mlp", "hidden": [\#(repeated(60) { _ in "1" })]}"#,
        "when": "[\(repeated(60) { #"{"if": {"loss": "cross_entropy"}, "axes": {"model.hidden[\#($0)]": [1, 2]}}"# })]",
      ])),
    Grid(
      testDescription: "2^17 points, all excluded",
      text: grid([
        "axes": "{\(repeated(17) { #""model.channels[\#($0)]": [1, 2]"# })}",
        "model":
          #"{"family": "cnn", "channels": [\#(repeated(17) { _ in "1" })], "pooling": "none", "kernel_size": 1}"#,
        "exclude": "[\(repeated(3_000) { _ in #"{"loss": "cross_entropy"}"# })]",
      ])),
    Grid(
      testDescription: "many conditions",
      text: grid(["when": "[\(repeated(50_000) { _ in #"{"if": {"loss": "cross_entropy"}, "axes": {}}"# })]"])),
    Grid(
      testDescription: "many axes", text: grid(["axes": "{\(repeated(3_000) { #""model.layers[\#($0)].p": [0]"# })}"])),
    Grid(
      testDescription: "a large section in many forms",
      text: grid([
        "axes": #"{"model.layers[0].p": [\#(repeated(50_000) { "0.\($0)1" })]}"#,
        "model":
          #"{"layers": [\#(repeated(998) { _ in #"{"type": "dropout"}"# }), {"type": "flatten"}, {"type": "linear", "out_features": 10}]}"#,
      ])),
    Grid(
      testDescription: "every point against every other",
      text: grid([
        "axes": #"{"optimizer.lr": [\#(repeated(50_000) { "0.\($0)1" })]}"#,
        "exclude": "[\(repeated(50_000) { #"{"optimizer.lr": 0.\#($0)1}"# })]",
      ])),
    Grid(testDescription: "one key often", text: #"{"name": "x", \#(repeated(1_500_000) { _ in #""a":1"# })}"#),
    Grid(
      testDescription: "many paths",
      text: grid([
        "include": "[\(repeated(150_000) { #"{"label": "same", "model.layers[\#($0 % 99_999)]": 1}"# })]"
      ])),
  ])
  func isRefusedSoon(_ grid: Grid) {
    let start = ThreadTime.seconds
    let found = errors(grid.text)
    let seconds = ThreadTime.seconds - start
    #expect(!found.isEmpty)
    #expect(seconds < 30 || Sanitizer.isOn, "\(seconds) s: \(found.first ?? "")")
    print("refused after \(seconds) s: \(found.first?.prefix(160) ?? "")")
  }

  /// They are counted before the first of 2.5 thousand million comparisons.
  @Test func tooManyExclusionsAreRefusedAtOnce() {
    let values = Self.repeated(50_000) { "0.\($0)1" }
    let excluded = Self.repeated(50_000) { #"{"optimizer.lr": 0.\#($0)1}"# }
    #expect(
      errors(grid(["axes": #"{"optimizer.lr": [\#(values)]}"#, "exclude": "[\(excluded)]"])) == [
        "grid.json:1:1: exclude has 50000 points and the grid 50000, each of which is compared with all; at most "
          + "20000000 comparisons are allowed, so exclude fewer or split the grid"
      ])
  }

  /// The section in the file is large, but each point replaces it, or most of it, by a small one.
  @Test(arguments: ["model", "model.layers", "model.layers[0]"])
  func sectionsThatShrinkAreNotTooLarge(path: String) throws {
    let end = #"{"type": "flatten"}, {"type": "linear", "out_features": 10}"#
    let inside = Self.repeated(900) { _ in #"{"type": "dropout"}"# }
    let points = Self.repeated(6_000) { number in
      let layer = #"{"type": "dropout", "p": 0.\#(number)1}"#
      return path == "model"
        ? #"{"layers": [\#(layer), \#(end)]}"# : path == "model.layers" ? "[\(layer), \(end)]" : layer
    }
    let study = try study(
      grid([
        "model": #"{"layers": [{"type": "residual", "layers": [\#(inside)]}, \#(end)]}"#,
        "axes": #"{"\#(path)": [\#(points)]}"#,
      ]))
    #expect(study.configurations.count == 6_000)
  }

  /// The limit on comparisons must not be far below what is slow: 1.4 s without optimisation, and 12 s where each point is
  /// asked for each of its values anew.
  @Test func manyExclusionsExpandSoon() throws {
    let start = ThreadTime.seconds
    let values = Self.repeated(4_000) { "0.\($0)1" }
    let excluded = Self.repeated(3_999) { #"{"optimizer.lr": 0.\#($0)1}"# }
    #expect(
      try study(grid(["axes": #"{"optimizer.lr": [\#(values)]}"#, "exclude": "[\(excluded)]"])).configurations.count
        == 1)
    let seconds = ThreadTime.seconds - start
    print("16 million comparisons took \(seconds) s")
    #expect(seconds < 6)
  }

  @Test func manyPointsWithOneLabelExpandSoon() throws {
    let points = Self.repeated(20_000) { #"{"label": "same", "optimizer.lr": \#($0)}"# }
    let start = ThreadTime.seconds
    #expect(try study(grid(["include": "[\(points)]"])).configurations.last?.label == "same (20000)")
    #expect(ThreadTime.seconds - start < 10)
  }
}
