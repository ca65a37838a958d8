import Datasets
import Experiments
import NeuralNetwork

/// A trial's training steps with nothing around them: the base line of a study's time, which shows what the rest costs.
package enum BareTraining {
  /// Makes the network, trains its steps and evaluates it once at the end. Nothing is checked, told or kept; the numbers
  /// are those of ``Trainer`` where no schedule, no file of weights and no early stopping is asked for.
  ///
  /// - Returns: the mean loss over the test examples.
  @discardableResult
  package static func train(_ trial: Trial, on dataset: Dataset) throws -> Double {
    let configuration = trial.configuration.resolved
    let input = NetworkInput(dataset, batchSize: configuration.training.largestBatch(examples: dataset.train.count))
    let network = try Network(of: configuration, on: dataset, threads: 1)
    let generator = Generator(seed: trial.seed)
    network.initialize(with: generator)
    let sampling = try ExampleSampling(configuration.dataset, of: dataset)
    var order: [Int32] = []
    var position = 0
    for _ in 0..<configuration.training.iterations(examples: dataset.train.count) {
      if order.isEmpty || position >= configuration.training.examplesPerEpoch(of: dataset.train.count) {
        order = sampling.epochOrder(generator)
        position = 0
      }
      let batch = position..<min(position + configuration.training.batchSize, order.count)
      position = batch.upperBound
      order.withUnsafeBufferPointer { order in
        _ = input.step(network, on: .init(rebasing: order[batch]), generator: generator)
      }
    }
    let sums = network.evaluate(input.test, range: 0..<input.test.count)
    return sums.count == 0 ? 0 : sums.loss
  }
}
