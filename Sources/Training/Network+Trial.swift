import Architectures
import Datasets
import Experiments
import NeuralNetwork

extension Network {
  /// The network of a configuration, compiled as a trial trains and evaluates it.
  ///
  /// - Throws: `NetworkError`.
  convenience init(of configuration: Configuration, on dataset: Dataset, threads: Int) throws {
    try self.init(
      configuration.architecture, batchSize: configuration.training.largestBatch(examples: dataset.train.count),
      evaluationBatchSize: configuration.evaluationBatch(of: dataset.description), loss: configuration.loss,
      target: configuration.target(in: dataset.description), optimizer: configuration.optimizer,
      clipping: configuration.training.clipping, averageDecay: configuration.training.averageDecay, threads: threads)
  }

  /// Evaluates the network: loss, accuracy and what the configuration asks for beside them, in one forward pass.
  ///
  /// - Parameter answers: what the answers are added to; `nil` keeps none.
  func score(
    _ examples: Examples, of configuration: Configuration, classes: Int, answers: inout Answers?
  ) -> Score {
    var tally = configuration.metrics.isEmpty ? nil : ScoreTally(configuration.metrics, classes: classes)
    let sums = evaluate(examples, range: 0..<examples.count, answers: &answers, tally: &tally)
    guard case .classes = target else { return Score(loss: sums.loss, accuracy: nil) }
    return Score(
      loss: sums.loss, accuracy: Double(sums.correct) / Double(sums.count), metrics: tally?.values ?? [:])
  }
}

/// A network with weights, scored as a trial scores it at the end of its training, to the same bits.
package struct WeightScores: Sendable, Hashable {
  /// On the validation examples, where there are any.
  package let validation: Score?
  /// On the test examples.
  package let test: Score

  /// Evaluates a configuration's network.
  ///
  /// - Parameter load: gives the network its weights.
  package init(
    of configuration: Configuration, on dataset: Dataset, threads: Int = 1, load: (Network) throws -> Void
  ) throws {
    let network = try Network(of: configuration, on: dataset, threads: threads)
    try load(network)
    let input = NetworkInput(dataset, batchSize: configuration.training.largestBatch(examples: dataset.train.count))
    func score(_ examples: Examples) -> Score {
      var answers: Answers?
      return network.score(
        examples, of: configuration, classes: dataset.description.classes.count, answers: &answers)
    }
    validation = dataset.validation.count > 0 ? score(input.validation) : nil
    test = score(input.test)
  }
}
