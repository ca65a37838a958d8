import Experiments
import Foundation
import NeuralNetwork

extension Checkpoint {
  /// The name of this form of the file, its first bytes.
  private static let magic = Data("bench checkpoint 3\n".utf8)

  /// What a file says before its long lists: how long it is itself in eight bytes, then JSON.
  private struct Head: Codable {
    var owner: Owner
    var iteration: Int
    var position: Int
    var generatorPosition: Int
    var nextNormal: Double?
    var evaluations: [Evaluation]
    var clock: TrialClock
    /// How many numbers each list has: generator, order, losses, bytes of the network, which come last, and the best
    /// weights, where some are kept.
    var counts: [Int]
  }

  /// The file's bytes: a name, the SHA-256 of the rest, and the rest.
  package func encoded(for owner: Owner) throws -> Data { Self.sealed(try body(for: owner)) }

  static func sealed(_ body: Data) -> Data { magic + ContentDigest.bytes(of: body) + body }

  /// Everything but name and digest.
  func body(for owner: Owner) throws -> Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let head = try encoder.encode(
      Head(
        owner: owner, iteration: iteration, position: position, generatorPosition: generator.position,
        nextNormal: generator.nextNormal, evaluations: evaluations, clock: clock,
        counts: [generator.words.count, order.count, losses.count, network.count] + (best.isEmpty ? [] : [best.count])))
    var body = Data()
    withUnsafeBytes(of: UInt64(head.count).littleEndian) { body.append(contentsOf: $0) }
    body.append(head)
    generator.words.withUnsafeBytes { body.append(contentsOf: $0) }
    order.withUnsafeBytes { body.append(contentsOf: $0) }
    losses.withUnsafeBytes { body.append(contentsOf: $0) }
    best.withUnsafeBytes { body.append(contentsOf: $0) }
    body.append(network)
    return body
  }

  /// Reads what ``encoded(for:)`` made.
  ///
  /// - Parameter owner: who wants to go on.
  /// - Throws: ``CheckpointError`` where the bytes are not a whole checkpoint, or one of somebody else; nothing of them
  ///   is used then.
  package init(decoding data: Data, for owner: Owner) throws(CheckpointError) {
    let digestEnd = Self.magic.count + ContentDigest.byteCount
    guard data.starts(with: Self.magic), data.count > digestEnd else { throw .notACheckpoint }
    let body = Data(data.dropFirst(digestEnd))
    let digest = data.dropFirst(Self.magic.count).prefix(ContentDigest.byteCount)
    guard ContentDigest.bytes(of: body) == digest else { throw .damaged }
    guard let (checkpoint, found) = Self.read(body) else { throw .notACheckpoint }
    guard found.trial == owner.trial else { throw .otherTrial("its key is \(found.trial.prefix(12))") }
    guard found == owner else { throw .otherNumbers(found: found, expected: owner) }
    self = checkpoint
  }

  private static func read(_ body: Data) -> (Checkpoint, Owner)? {
    var rest = body[...]
    guard let length = take(1, of: UInt64.self, from: &rest)?.first, length <= rest.count else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let head = try? decoder.decode(Head.self, from: Data(rest.prefix(Int(length)))),
      (4...5).contains(head.counts.count)
    else { return nil }
    rest = rest.dropFirst(Int(length))
    guard let words = take(head.counts[0], of: UInt32.self, from: &rest),
      let order = take(head.counts[1], of: Int32.self, from: &rest),
      let losses = take(head.counts[2], of: Float.self, from: &rest),
      let best = take(head.counts.count > 4 ? head.counts[4] : 0, of: Float.self, from: &rest),
      head.counts[3] == rest.count,
      let generator = Generator.State(
        words: words, position: head.generatorPosition, nextNormal: head.nextNormal)
    else { return nil }
    let checkpoint = Checkpoint(
      iteration: head.iteration, network: Data(rest), best: best, generator: generator, order: order,
      position: head.position,
      losses: losses, evaluations: head.evaluations, clock: head.clock)
    return (checkpoint, head.owner)
  }

  /// The next numbers of a file; `nil` where it ends before.
  private static func take<Value: BitwiseCopyable>(
    _ count: Int, of type: Value.Type, from rest: inout Data.SubSequence
  ) -> [Value]? {
    let size = MemoryLayout<Value>.stride
    guard count >= 0, count <= rest.count / size else { return nil }
    let bytes = rest.prefix(count * size)
    rest = rest.dropFirst(count * size)
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Value.self) }
    }
  }
}
