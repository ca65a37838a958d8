import Exchange
import Foundation
import NeuralNetwork
import Tracking

/// A trained network of the store for ONNX.
package struct ONNXExport: Sendable {
  private let details: TrialDetails

  /// Takes a trial.
  package init(_ details: TrialDetails) { self.details = details }

  /// The file, with the weights that the trial kept.
  ///
  /// - Parameter warn: hears of a weight file that can't be checked.
  /// - Throws: ``OperationalError`` where there are no weights, `ONNXError` where the network can't be said in ONNX.
  package func file(from folders: StoreFolders, warn: (String) -> Void) throws -> [UInt8] {
    let record = details.record
    let configuration = try details.trainable(to: "there is no network to export")
    let tensors: [Tensor]
    do {
      tensors = try SafetensorsFile.read([UInt8](folders.weights(of: record, warn: warn)))
    } catch let error as SafetensorsError {
      throw OperationalError("the weights of trial \(record.key.prefix(12)): \(error)")
    }
    let network = ONNXNetwork(
      configuration, weights: Dictionary(tensors.map { ($0.name, $0.values) }) { first, _ in first })
    do {
      return try network.file(
        name: configuration.label,
        facts: [("trial", record.key), ("seed", "\(record.seed)"), ("configuration", details.configurationHash)],
        program: Provenance.programVersion)
    } catch let error as ONNXError {
      throw OperationalError("trial \(record.key.prefix(12)): \(error)")
    }
  }
}
