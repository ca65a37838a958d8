/// SHA-256 over what a trial's row and its scores say of its result: what makes a changed number in a store visible to
/// whoever reads it.
///
/// The trace digest is a part of it, so that it proves the scores without the losses, which are most of a store: 30
/// million of them take seconds to read, 60,000 scores do not.
package enum ResultDigest {
  /// The digest in hexadecimal.
  ///
  /// - Parameters:
  ///   - result: what came of the trial; its hits have no part in it.
  ///   - key: the trial's key.
  ///   - evaluations: every evaluation, in order.
  package static func of(_ result: TrialResult, key: String, evaluations: [Evaluation]) -> String {
    of(result, key: key, scores: scores(evaluations))
  }

  /// The digest of the evaluations alone, by which ``of(_:key:scores:)`` knows them.
  package static func scores(_ evaluations: [Evaluation]) -> String {
    TraceDigest.of(losses: [], evaluations: evaluations)
  }

  /// The digest, where that of the evaluations is known.
  package static func of(_ result: TrialResult, key: String, scores: String) -> String {
    var words = [UInt64(bitPattern: Int64(result.iterations)), UInt64(bitPattern: Int64(result.peakBytes))]
    if case .diverged(let iteration) = result.outcome { words += [1, UInt64(bitPattern: Int64(iteration))] }
    for seconds in [result.wallSeconds, result.cpuSeconds, result.imagesPerSecond] {
      words.append(seconds.isNaN ? Double.nan.bitPattern : seconds.bitPattern)
    }
    for row in result.confusion ?? [] {
      words.append(UInt64(row.count))
      words += row.map { UInt64(bitPattern: Int64($0)) }
    }
    var hash = ContentDigest()
    for text in [key, result.traceDigest, scores, result.weightsDigest ?? ""] {
      hash.update(Array(text.utf8 + [0]))
    }
    words.map(\.littleEndian).withUnsafeBytes { hash.update($0) }
    return hash.hex()
  }
}
