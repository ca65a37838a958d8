import Experiments
import Foundation
import NeuralNetwork

/// All that a training needs to go on as if it had not been interrupted, to the same bits.
public struct Checkpoint: Sendable, Codable, Equatable {
  /// Iterations done.
  public internal(set) var iteration: Int
  /// Parameters, running statistics, the optimizer's moments and its step count.
  var network: Data
  /// The random number generator.
  var generator: Generator.State
  /// The epoch's order of examples.
  @RawValues var order: [Int32]
  /// How many examples of the order are used up.
  var position: Int
  /// The loss of every batch so far.
  @RawValues var losses: [Float]
  /// The evaluations so far.
  var evaluations: [Evaluation]
  /// The times so far.
  var clock: TrialClock
}

extension Checkpoint {
  /// The name of this form of the file, its first bytes.
  private static let magic = Data("bench checkpoint 2\n".utf8)

  /// The file's bytes: a name, the SHA-256 of the rest, and the rest.
  public func encoded() throws -> Data { Self.sealed(try body()) }

  func body() throws -> Data {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    return try encoder.encode(self)
  }

  static func sealed(_ body: Data) -> Data { magic + ContentDigest.bytes(of: body) + body }

  /// Reads what ``encoded()`` made.
  ///
  /// - Throws: ``CheckpointFault`` where the bytes are not a whole checkpoint; nothing of them is used then.
  public init(decoding data: Data) throws {
    let digestEnd = Self.magic.count + ContentDigest.byteCount
    guard data.starts(with: Self.magic), data.count > digestEnd else { throw CheckpointFault.notACheckpoint }
    let body = Data(data.dropFirst(digestEnd))
    let digest = data.dropFirst(Self.magic.count).prefix(ContentDigest.byteCount)
    guard ContentDigest.bytes(of: body) == digest else { throw CheckpointFault.damaged }
    do {
      self = try PropertyListDecoder().decode(Checkpoint.self, from: body)
    } catch {
      throw CheckpointFault.notACheckpoint
    }
  }
}

/// Why a trial can't be trained as it is configured.
public enum TrainingFault: Error, CustomStringConvertible {
  /// A batch normalisation with one value a channel and example meets a batch of one example.
  case batchOfOne(examples: Int, batchSize: Int)

  /// What was found and how to mend it.
  public var description: String {
    switch self {
    case .batchOfOne(let examples, let batchSize):
      "batch normalisation of vectors needs more than one example a batch, but \(examples) examples in batches of "
        + "\(batchSize) have a batch of one; change training.batch_size or dataset.train"
    }
  }
}

/// Why a checkpoint file can't be used.
public enum CheckpointFault: Error, CustomStringConvertible {
  /// The file begins with something else.
  case notACheckpoint
  /// The file is not what was written.
  case damaged
  /// The file belongs to another network or data set.
  case otherTrial(String)

  /// What was found and what follows.
  public var description: String {
    switch self {
    case .notACheckpoint: "not a checkpoint file of this program"
    case .damaged: "the checkpoint's digest does not fit its contents"
    case .otherTrial(let what): "the checkpoint is of another trial: \(what)"
    }
  }
}
