/// The data that a configuration asks for, as the grid says it.
public struct DatasetSelection: Hashable, Sendable {
  /// `mnist`, `fashion_mnist`, `cifar10`, `digits`, `idx` or `npy`.
  public var name: String
  /// Where the arrays lie, for `idx` and `npy` only.
  public var files: DatasetFiles?
  /// Class names of the user's own; `nil` takes the data set's.
  public var classes: [String]?
  /// How many of the first training examples are used, those for validation included; `nil` is all.
  public var train: Int?
  /// How many of the first test examples are used; `nil` is all.
  public var test: Int?
  /// How many examples are split off the end of the training set.
  public var validation: Int
  /// Whether the training examples come in a new order each epoch.
  public var shuffle: Bool
  /// Per-channel normalisation after the division by 255; `nil` is none.
  public var normalize: Normalization?

  /// Creates a selection of a whole data set.
  public init(
    name: String, files: DatasetFiles? = nil, classes: [String]? = nil, train: Int? = nil, test: Int? = nil,
    validation: Int = 0, shuffle: Bool = true, normalize: Normalization? = nil
  ) {
    (self.name, self.files, self.classes) = (name, files, classes)
    (self.train, self.test, self.validation) = (train, test, validation)
    (self.shuffle, self.normalize) = (shuffle, normalize)
  }
}

/// The four files of a data set that is given by path.
public struct DatasetFiles: Hashable, Sendable {
  /// Images or vectors to train on.
  public var trainImages: String
  /// Their classes.
  public var trainLabels: String
  /// Images or vectors to test on.
  public var testImages: String
  /// Their classes.
  public var testLabels: String

  /// Creates the four paths.
  public init(trainImages: String, trainLabels: String, testImages: String, testLabels: String) {
    (self.trainImages, self.trainLabels) = (trainImages, trainLabels)
    (self.testImages, self.testLabels) = (testImages, testLabels)
  }
}

/// `(x − mean) / std`, a value a channel; a single value serves all channels.
public struct Normalization: Hashable, Sendable {
  /// Subtracted from each channel.
  public var mean: [Double]
  /// What each channel is then divided by; never 0.
  public var std: [Double]

  /// Creates a normalisation.
  public init(mean: [Double], std: [Double]) { (self.mean, self.std) = (mean, std) }
}
