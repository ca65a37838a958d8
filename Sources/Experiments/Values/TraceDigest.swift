/// SHA-256 over the bits of a trial's losses and scores: equal digests are equal traces, to the last bit.
public enum TraceDigest {
  /// The digest in hexadecimal of a whole trace.
  ///
  /// - Parameters:
  ///   - losses: the loss of every batch, from iteration 1 on.
  ///   - evaluations: every evaluation, in order.
  public static func of(losses: [Float], evaluations: [Evaluation]) -> String {
    var hash = ContentDigest()
    update(&hash, UInt64(losses.count))
    losses.withUnsafeBytes { hash.update($0) }
    for evaluation in evaluations {
      update(&hash, UInt64(evaluation.iteration))
      update(&hash, evaluation.trainLoss.bitPattern)
      for score in [evaluation.validation, evaluation.test] {
        update(&hash, score.map { $0.loss.bitPattern } ?? 0)
        update(&hash, score?.accuracy.map { $0.bitPattern } ?? 0)
      }
    }
    return hash.hex()
  }

  private static func update(_ hash: inout ContentDigest, _ value: UInt64) {
    withUnsafeBytes(of: value.littleEndian) { hash.update($0) }
  }
}
