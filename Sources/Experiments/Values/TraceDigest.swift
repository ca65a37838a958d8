/// SHA-256 over the bits of a trial's losses and scores, and of its learning rates where a scheduler changes them: equal digests are equal traces, to the last bit.
///
/// Every NaN counts as the same NaN and −0 as 0, because SQLite keeps no more of them.
package enum TraceDigest {
  /// The digest in hexadecimal of a whole trace.
  ///
  /// - Parameters:
  ///   - losses: the loss of every batch, from iteration 1 on.
  ///   - evaluations: every evaluation, in order.
  ///   - rates: the learning rate of every step; none for a trial without a scheduler.
  package static func of(losses: [Float], evaluations: [Evaluation], rates: [Double] = []) -> String {
    digest(losses.map { $0.isNaN ? .nan : $0 + 0 }, evaluations, rates) { $0.isNaN ? .nan : $0 + 0 }
  }

  /// Whether a stored digest is that of a trace as it came out of a store.
  ///
  /// Earlier programs digested NaNs and zeros with their signs. Few trials have them, and few each: a diverged one has
  /// NaNs at its end, one that is never wrong has zeros. The signs are tried.
  package static func fits(
    _ digest: String, losses: [Float], evaluations: [Evaluation], rates: [Double] = []
  ) -> Bool {
    if of(losses: losses, evaluations: evaluations, rates: rates) == digest { return true }
    // Earlier programs had no schedulers and no metrics.
    guard rates.isEmpty, evaluations.allSatisfy({ $0.metricNames.isEmpty }) else { return false }
    let lossPlaces = losses.indices.filter { losses[$0].isNaN }
    let scores = evaluations.flatMap { [$0.trainLoss, $0.validation?.loss, $0.test?.loss].compactMap { $0 } }
    let places = lossPlaces.count + scores.count(where: \.isNaN)
    let hasZeros = losses.contains(0)
    guard places > 0 || hasZeros, places <= mostSignedNaNs else { return false }
    for zero in hasZeros ? [0, -0] as [Float] : [0] {
      for pattern in 0..<1 << places {
        var signs = pattern
        func isNegative() -> Bool {
          defer { signs >>= 1 }
          return signs & 1 == 1
        }
        var signed = losses.map { $0 == 0 ? zero : $0 }
        for place in lossPlaces { signed[place] = isNegative() ? -Float.nan : .nan }
        let found = Self.digest(signed, evaluations, []) { $0.isNaN && isNegative() ? -Double.nan : $0 }
        if found == digest { return true }
      }
    }
    return false
  }

  /// 2,048 digests at most.
  private static let mostSignedNaNs = 10

  /// The digest of a trial that another program trained: its losses stand at iterations of that program's choice, and in
  /// double precision, as its file has them.
  package static func ofImported(losses: [LossPoint], evaluations: [Evaluation]) -> String {
    var hash = ContentDigest()
    let points = losses.flatMap {
      [UInt64(bitPattern: Int64($0.iteration)), ($0.loss.isNaN ? .nan : $0.loss + 0).bitPattern]
    }
    points.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
    hash.update(Array(of(losses: [], evaluations: evaluations).utf8))
    return hash.hex()
  }

  private static func digest(
    _ losses: [Float], _ evaluations: [Evaluation], _ rates: [Double], _ value: (Double) -> Double
  ) -> String {
    var words: [UInt64] = []
    for evaluation in evaluations {
      words += [UInt64(bitPattern: Int64(evaluation.iteration)), value(evaluation.trainLoss).bitPattern]
      for score in [evaluation.validation, evaluation.test] {
        words += [
          score.map { value($0.loss).bitPattern } ?? 0, score?.accuracy.map { value($0).bitPattern } ?? 0,
        ]
        words += (score?.metrics ?? [:]).sorted { $0.key < $1.key }.map { value($0.value).bitPattern }
      }
    }
    var hash = ContentDigest()
    [UInt64(losses.count).littleEndian].withUnsafeBytes { hash.update($0) }
    losses.withUnsafeBytes { hash.update($0) }
    words += rates.map { value($0).bitPattern }
    words.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
    for name in evaluations.flatMap(\.metricNames) { hash.update(Array(name.utf8 + [0])) }
    return hash.hex()
  }
}

extension Evaluation {
  /// The names of what was scored beside loss and accuracy, split by split.
  fileprivate var metricNames: [String] {
    ScoredSplit.allCases.flatMap { split in (self[split]?.metrics ?? [:]).keys.map { split.name(of: $0) }.sorted() }
  }
}
