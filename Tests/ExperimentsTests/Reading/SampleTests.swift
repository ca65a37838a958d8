import Architectures
import Testing

@testable import Experiments

/// Points drawn at random: the same each time, on every machine.
@Suite struct SampleTests {
  private func rates(_ sample: String) throws -> [Double] {
    try study(grid(["sample": sample])).configurations.map { $0.resolved.optimizer.learningRate }
  }

  /// The laws by their own words, over many points.
  @Test func drawsWithinItsLaws() throws {
    let study = try study(
      grid([
        "sample": #"""
        {"count": 400, "seed": 7, "axes": {
          "optimizer.lr": {"log_uniform": [0.0001, 1]}, "optimizer.momentum": {"uniform": [0.5, 0.9]},
          "training.batch_size": {"int_uniform": [10, 13]}, "model.pooling": {"choice": ["max", "average"]}}}
        """#
      ]))
    #expect(study.configurations.count == 400)
    let rates = study.configurations.map(\.resolved.optimizer.learningRate)
    #expect(rates.allSatisfy { (0.0001...1).contains($0) })
    // As many below the geometric mean as above, within five standard deviations.
    #expect(abs(rates.count { $0 < 0.01 } - 200) < 50)
    let sizes = study.configurations.map(\.resolved.training.batchSize)
    #expect(
      Set(sizes) == [10, 11, 12, 13] && (10...13).allSatisfy { size in abs(sizes.count { $0 == size } - 100) < 45 })
    let momenta = study.configurations.compactMap { $0.settings.first { $0.path == "optimizer.momentum" }?.value }
    #expect(momenta.allSatisfy { $0.utf8.count <= 7 && (0.5...0.9).contains(Double($0) ?? 0) })
    #expect(abs(momenta.count { (Double($0) ?? 0) < 0.7 } - 200) < 50)
  }

  /// The first values are written down: another machine, or another day, must draw the same.
  @Test func theSamePlanEachTime() throws {
    let first = try rates(#"{"count": 5, "seed": 0, "axes": {"optimizer.lr": {"log_uniform": [0.0001, 1]}}}"#)
    #expect(first == Self.pinned)
    #expect(try rates(#"{"count": 5, "axes": {"optimizer.lr": {"log_uniform": [0.0001, 1]}}}"#) == first)
    let more = try rates(
      #"{"count": 9, "axes": {"optimizer.momentum": {"uniform": [0, 0.9]}, "optimizer.lr": {"log_uniform": [0.0001, 1]}}}"#
    )
    #expect(Array(more.prefix(5)) == first, "more points and other paths change no value")
    #expect(try rates(#"{"count": 5, "seed": 1, "axes": {"optimizer.lr": {"log_uniform": [0.0001, 1]}}}"#) != first)
  }

  private static let pinned = [0.3259, 0.003497, 0.03273, 0.6059, 0.001472]

  @Test func isOneMoreAxis() throws {
    let sample = #"{"count": 3, "axes": {"optimizer.lr": {"uniform": [0.1, 0.2]}}}"#
    let axes = #"{"model.pooling": ["max", "average"]}"#
    #expect(try study(grid(["sample": sample, "axes": axes])).configurations.count == 6)
    #expect(try study(grid(["sample": sample, "axes": axes]), ["optimizer.lr=0.5"]).configurations.count == 2)
    #expect(
      errors(grid(["sample": sample.replacing("3", with: "150000"), "axes": axes])) == [
        "grid.json:1:1: the grid has 300000 points and 300000 trials; at most 200000 and 1000000 are allowed"
      ])
  }

  @Test(arguments: [
    ("[]", "7:13: sample is an empty list; expected an object with count, seed and axes"),
    (
      #"{"cuont": 3}"#,
      "7:14: sample.cuont is not a known key; a sample has count, seed and axes. Did you mean \"count\"?",
    ),
    (
      #"{"count": 0, "axes": {"optimizer.lr": {"uniform": [0, 1]}}}"#,
      "7:23: sample.count is 0; expected a whole number from 1 to 200000"
    ),
    (
      #"{"count": 1, "axes": {"optimizer.lr": {"loguniform": [1, 2]}}}"#,
      "7:51: sample.axes.optimizer.lr is an object; expected {\"log_uniform\": [from, to]}, {\"uniform\": [from, to]}, "
        + "{\"int_uniform\": [from, to]} or {\"choice\": [values]}. Did you mean \"log_uniform\"?"
    ),
    (
      #"{"count": 1, "axes": {"optimizer.lr": {"uniform": [2, 1]}}}"#,
      "7:63: sample.axes.optimizer.lr.uniform is a list of 2; expected [from, to], two numbers of which the first is less"
    ),
    (
      #"{"count": 1, "axes": {"optimizer.lr": {"log_uniform": [0, 1]}}}"#,
      "7:67: sample.axes.optimizer.lr.log_uniform begins at 0; log_uniform has only numbers above 0"
    ),
    (
      #"{"count": 1, "axes": {"optimizer.lr": {"int_uniform": [0.5, 2]}}}"#,
      "7:67: sample.axes.optimizer.lr.int_uniform has ends that are not whole; expected two whole numbers, or \"uniform\""
    ),
  ])
  func saysWhatIsWrong(_ sample: String, _ message: String) {
    #expect(errors(grid(["sample": sample])).contains("grid.json:\(message)"))
  }
}
