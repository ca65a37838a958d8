import Architectures
import Experiments
import Presentation

/// A trained network as an ONNX file.
package struct ONNXNetwork: Sendable {
  /// A weight file's tensors: their names, and their values row-major.
  package typealias Weights = [String: [Float]]

  private let configuration: StudyConfiguration
  private let weights: Weights

  /// Takes a network.
  ///
  /// - Parameter weights: its parameters and running statistics under PyTorch's names, in PyTorch's layout.
  package init(_ configuration: StudyConfiguration, weights: Weights) {
    (self.configuration, self.weights) = (configuration, weights)
  }

  /// The file.
  ///
  /// - Parameters:
  ///   - name: what the graph is called.
  ///   - facts: what else programs may want to know: the trial's key, say.
  ///   - program: the version of this program.
  /// - Throws: ``ONNXError``, and `ArchitectureError` for a network that does not fit together.
  package func file(name: String, facts: [(key: String, value: String)], program: String) throws -> [UInt8] {
    let architecture = configuration.resolved.architecture
    let layers = try architecture.resolved()
    var graph = ONNXGraph(name: name, input: architecture.input.dimensions)
    let bytes = layers.flatMap { $0.parameters + $0.buffers }.reduce(0) { $0 + 4 * $1.count }
    guard bytes < ONNXModel.maximumBytes - 1_000_000 else { throw ONNXError.tooLarge(bytes: bytes) }
    let last = try graph.add(layers.chain, after: ONNXGraph.input, weights)
    graph.end(last, shape: (layers.chain.last?.output ?? architecture.input).dimensions)
    let model = ONNXModel(
      graph: graph, documentation: documentation, metadata: facts + metadata, producerVersion: program)
    return model.bytes
  }

  private var documentation: String {
    let input = configuration.resolved.architecture.input.dimensions.map { ", \($0)" }.joined()
    return """
      Input: float32 [N\(input)], as PyTorch's modules take it; what comes before the network is not in the graph: the \
      division of pixels by 255, transforms and the normalisation (x - mean) / std of each channel, which the metadata \
      has. Output: what the last layer gives, without a softmax of its own. Evaluation mode: dropout does nothing, \
      batch normalisation takes its running statistics.
      """
  }

  /// What comes before the network, and what its outputs mean.
  private var metadata: [(key: String, value: String)] {
    let (data, selection) = (configuration.dataset, configuration.resolved.dataset)
    var facts: [(key: String, value: String)] = [
      ("dataset", data.name),
      ("dataset_shape", JSONValue.array(data.shape.dimensions.map { .integer($0) }).compactText),
      ("classes", JSONValue.array(data.classes.map { .string($0) }).compactText),
      ("loss", configuration.resolved.loss.text),
    ]
    if let normalize = selection.normalize {
      facts.append(("normalize_mean", JSONValue.array(normalize.mean.map { .double($0) }).compactText))
      facts.append(("normalize_std", JSONValue.array(normalize.std.map { .double($0) }).compactText))
    }
    if !selection.transform.isEmpty {
      let transforms = selection.transform.map { JSONValue(.object($0.asOptions)) }
      facts.append(("transform", JSONValue.array(transforms).compactText))
    }
    return facts
  }
}

/// Why a network can't be written for ONNX.
package enum ONNXError: Error, Hashable, CustomStringConvertible {
  /// A layer for which this program knows no operators.
  case unknownLayer(title: String, type: String)
  /// The weights lack a tensor, or have it in another size.
  case weights(name: String, expected: Int, found: Int?)
  /// More than a file can hold.
  case tooLarge(bytes: Int)

  /// Where, what was found, and how to fix it.
  package var description: String {
    switch self {
    case .unknownLayer(let title, let type):
      "\(title): a layer of the type \(type) can't be said in ONNX's operator set \(ONNXModel.operatorSet); "
        + "bench export weights writes its weights for PyTorch"
    case .weights(let name, let expected, nil): "the weights have no \(name), of \(expected) values"
    case .weights(let name, let expected, let found?):
      "the weights have \(found) values of \(name); the network needs \(expected)"
    case .tooLarge(let bytes):
      "the weights take \(NumberText.bytes(bytes)), and an ONNX file holds 2 GB; bench export weights writes any size"
    }
  }
}
