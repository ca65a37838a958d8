import Architectures

/// All settings of a trial but its seed, with every default resolved and every family and preset lowered to layers.
package struct Configuration: Hashable, Sendable {
  /// The data to learn from.
  package var dataset: DatasetSelection { didSet { training.batch(dataset) } }
  /// The network.
  package var architecture: Architecture
  /// How its output is compared with its target.
  package var loss: Loss
  /// How it follows the gradient.
  package var optimizer: Optimizer
  /// How long, in which portions, and when it is evaluated.
  package var training: TrainingSettings { didSet { training.batch(dataset) } }
  /// Where the first weights come from; `nil` draws them.
  package var initialWeights: InitialWeights?
  /// What is scored beside loss and accuracy, in the grid's order.
  package var metrics: [ClassificationScore]

  /// Creates a configuration.
  package init(
    dataset: DatasetSelection, architecture: Architecture, loss: Loss = .crossEntropy, optimizer: Optimizer,
    training: TrainingSettings, initialWeights: InitialWeights? = nil, metrics: [ClassificationScore] = []
  ) {
    (self.dataset, self.architecture, self.loss) = (dataset, architecture, loss)
    (self.optimizer, self.training, self.initialWeights) = (optimizer, training, initialWeights)
    self.metrics = metrics
    self.training.batch(dataset)
  }
}

extension Preset {
  /// The data that the tutorial trains the preset on.
  package var datasetSelection: DatasetSelection {
    DatasetSelection(
      name: dataset,
      normalize: normalization.map { normalization in
        let channels = input.dimensions[0]
        return Normalization(
          mean: Array(repeating: normalization.mean, count: channels),
          std: Array(repeating: normalization.std, count: channels))
      })
  }

  /// The tutorial's recipe, for one epoch.
  package var configuration: Configuration {
    Configuration(
      dataset: datasetSelection, architecture: architecture, optimizer: optimizer,
      training: TrainingSettings(batchSize: batchSize, length: .epochs(1)))
  }
}
