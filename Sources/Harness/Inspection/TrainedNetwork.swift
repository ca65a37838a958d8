import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Reporting
import Training

/// A network with its weights and the test images that are shown to it.
final class TrainedNetwork {
  let subject: PictureSubject
  let network: Network
  let dataset: Dataset
  private let input: NetworkInput

  /// Loads data and weights.
  ///
  /// - Throws: ``OperationalError`` where the data is not that which the trial was trained on.
  init(_ subject: PictureSubject) throws {
    self.subject = subject
    dataset = try subject.dataset()
    network = try Network(of: subject.configuration, dataset: dataset.description)
    input = NetworkInput(dataset, batchSize: 1)
    try subject.load(into: network)
  }

  /// The names of the classes.
  var classes: [String] { dataset.description.classes }

  /// Whether it guesses classes; otherwise it reconstructs.
  var isClassifier: Bool { subject.configuration.target(in: dataset.description) != .input }

  /// Counts over the test images; `nil` for a reconstruction.
  func confusionMatrix() -> ConfusionMatrix? {
    guard isClassifier else { return nil }
    var answers: Answers? = Answers(classes: classes.count)
    _ = network.evaluate(input.test, range: 0..<input.test.count, answers: &answers)
    return answers.map { ConfusionMatrix(classes: classes, counts: $0.confusionMatrix) }
  }

  /// Every layer's output for a test image.
  func activations(of index: Int) -> [LayerOutput] {
    zip(network.layers, network.activations(input.test, index: index)).map {
      LayerOutput(layer: $0, values: $1.values)
    }
  }

  /// The network's answer to every test image, in shares of 1: the soft-max of its outputs, or, where it was trained
  /// against one-hot labels, the outputs themselves.
  func scores() -> [ArraySlice<Float>] {
    let count = classes.count
    let outputs = network.outputs(input.test, range: 0..<input.test.count)
    return (0..<input.test.count).map { shares(of: outputs[$0 * count..<($0 + 1) * count]) }
  }

  /// The soft-max of a network's outputs; where it was trained against one-hot labels, the outputs themselves.
  func shares(of outputs: ArraySlice<Float>) -> ArraySlice<Float> {
    guard !subject.configuration.loss.comparesValues, let largest = outputs.max() else { return outputs }
    let powers = outputs.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }[...]
  }
}
