import Datasets
import Experiments
import NeuralNetwork

extension Configuration {
  /// The most memory that one trial takes beside the data, in bytes: its network, its losses and its order of examples,
  /// and the copies of its state that are made for a checkpoint or for the file of the weights. None of it is taken here.
  ///
  /// - Parameter dataset: what the trial learns from.
  /// - Throws: `NetworkError` where the network does not fit the data.
  package func peakBytes(dataset: DatasetDescription) throws -> Int {
    let batchSize = max(1, training.largestBatch(examples: dataset.trainCount))
    let network = try Network.byteCounts(
      architecture, batchSize: batchSize, evaluationBatchSize: evaluationBatch(of: dataset), loss: loss,
      target: target(in: dataset), optimizer: optimizer, averages: training.averageDecay != nil)
    // The state is copied out of the network, into the checkpoint and into the file; so are the weights.
    let copies = 3 * max(network.state, network.weights)
    let losses = training.iterations(examples: dataset.trainCount) * MemoryLayout<Float>.stride
    let order = 2 * training.examplesDrawn(of: dataset.trainCount) * MemoryLayout<Int32>.stride
    let weights =
      if case .weighted? = self.dataset.sampler { dataset.trainCount * MemoryLayout<Double>.stride } else { 0 }
    let batch = AugmentedBatch.byteCount(of: self.dataset, dataset, batchSize: batchSize)
    let best = training.earlyStopping?.restoresBest == true ? network.weights : 0
    return network.total + copies + losses + order + weights + batch + best
  }
}
