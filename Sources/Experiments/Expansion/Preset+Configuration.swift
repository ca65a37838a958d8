import Architectures

extension Preset {
  /// The data that the tutorial trains the preset on.
  public var datasetSelection: DatasetSelection {
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
  public var configuration: Configuration {
    Configuration(
      dataset: datasetSelection, architecture: architecture, optimizer: optimizer,
      training: TrainingSettings(batchSize: batchSize, length: .epochs(1)))
  }
}
