import Testing

@testable import Experiments

@Suite struct TraceDigestTests {
  private func evaluation(_ loss: Double, iteration: Int = 2) -> Evaluation {
    Evaluation(
      iteration: iteration, epoch: 1, trainLoss: 0.5, validation: nil, test: Score(loss: loss, accuracy: 0.25))
  }

  /// What SQLite does not keep has no part in a digest.
  @Test func signsOfNaNAndZeroDoNotCount() {
    let digest = TraceDigest.of(losses: [0, .nan], evaluations: [evaluation(.nan)])
    #expect(TraceDigest.of(losses: [-0.0, -Float.nan], evaluations: [evaluation(-Double.nan)]) == digest)
    #expect(TraceDigest.of(losses: [1, .nan], evaluations: [evaluation(.nan)]) != digest)
  }

  /// The digest that earlier programs computed over the very bits, and that golden traces hold.
  @Test func finiteTracesKeepTheirDigest() {
    #expect(
      TraceDigest.of(losses: [0.5, 0.25], evaluations: [evaluation(1)])
        == "cd40f4861be84c2eaba43355d82dea6d192622a5036a6cf07824a183cee60f35")
  }

  @Test func everyNumberCounts() {
    let whole = TraceDigest.of(losses: [1, 2], evaluations: [evaluation(1)])
    let others = [
      TraceDigest.of(losses: [1, 2.000_000_2], evaluations: [evaluation(1)]),
      TraceDigest.of(losses: [1], evaluations: [evaluation(1)]),
      TraceDigest.of(losses: [1, 2], evaluations: [evaluation(1.000_000_000_000_000_2)]),
      TraceDigest.of(losses: [1, 2], evaluations: [evaluation(1, iteration: 3)]),
      TraceDigest.of(losses: [1, 2], evaluations: []),
    ]
    #expect(Set(others + [whole]).count == 6)
    #expect(others.allSatisfy { !TraceDigest.fits($0, losses: [1, 2], evaluations: [evaluation(1)]) })
  }
}
