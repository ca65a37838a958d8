import Experiments
import Foundation
import NeuralNetwork
import Training

/// A safetensors file that a user named.
struct WeightFile: Sendable {
  /// SHA-256 of its bytes in hexadecimal.
  let digest: String
  /// Its tensors, in the file's order.
  let tensors: [Tensor]
  let path: String

  /// Reads a file.
  ///
  /// - Throws: ``UsageError`` with the file's name and its error.
  init(_ url: URL) throws {
    path = url.relativePath
    let bytes = try readFile(url)
    digest = ContentDigest.hex(of: bytes)
    do { tensors = try SafetensorsFile.read(bytes) } catch { throw UsageError("\(path): \(error)") }
  }

  /// Gives a network the file's values.
  ///
  /// - Throws: ``UsageError`` with every tensor that does not fit.
  func load(into network: Network) throws {
    do {
      try network.load(tensors)
    } catch {
      let errors = "\(error)".split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      throw UsageError("\(path): does not fit the network:\n\(errors)")
    }
  }

  /// Sees that a training can start from the file.
  ///
  /// - Throws: ``UsageError`` with the first tensor that holds NaN or infinity.
  func checkNumbers() throws {
    for tensor in tensors {
      guard let index = tensor.values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw UsageError(
        "\(path): \(tensor.name) holds \(tensor.values[index]) at index \(index); a training starts from numbers, so "
          + "take the weights of one that did not diverge")
    }
  }
}

extension Network {
  /// The network of a configuration, for inspection and not for training.
  convenience init(of configuration: Configuration, dataset: DatasetDescription) throws {
    try self.init(
      configuration.architecture, batchSize: 1, evaluationBatchSize: configuration.evaluationBatch(of: dataset),
      loss: configuration.loss, target: configuration.target(in: dataset),
      optimizer: .sgd(.init(learningRate: 0)))
  }
}
