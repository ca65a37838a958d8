import Architectures

/// The data that a configuration asks for, as the grid says it.
package struct DatasetSelection: Hashable, Sendable {
  /// The name of a ``KnownDataset``, or `idx` or `npy` for arrays by path.
  package var name: String
  /// Where the arrays lie, for `idx` and `npy` only.
  package var files: DatasetFiles?
  /// Class names of the user's own; `nil` takes the data set's.
  package var classes: [String]?
  /// How many of the first training examples are used, those for validation included; `nil` is all.
  package var train: Int?
  /// How many of the first test examples are used; `nil` is all.
  package var test: Int?
  /// How many examples are split off the end of the training set.
  package var validation: Int
  /// Whether the training examples come in a new order each epoch.
  package var shuffle: Bool
  /// Whether an epoch leaves out its last batch where that would be smaller.
  package var dropsLast = false
  /// Per-channel normalisation after the division by 255; `nil` is none.
  package var normalize: Normalization?

  /// Creates a selection of a whole data set.
  package init(
    name: String, files: DatasetFiles? = nil, classes: [String]? = nil, train: Int? = nil, test: Int? = nil,
    validation: Int = 0, shuffle: Bool = true, normalize: Normalization? = nil
  ) {
    (self.name, self.files, self.classes) = (name, files, classes)
    (self.train, self.test, self.validation) = (train, test, validation)
    (self.shuffle, self.normalize) = (shuffle, normalize)
  }
}

/// The four files of a data set that is given by path.
package struct DatasetFiles: Hashable, Sendable {
  /// Images or vectors to train on.
  package var trainImages: String
  /// Their classes.
  package var trainLabels: String
  /// Images or vectors to test on.
  package var testImages: String
  /// Their classes.
  package var testLabels: String

  /// Creates the four paths.
  package init(trainImages: String, trainLabels: String, testImages: String, testLabels: String) {
    (self.trainImages, self.trainLabels) = (trainImages, trainLabels)
    (self.testImages, self.testLabels) = (testImages, testLabels)
  }
}

/// `(x − mean) / std`, one value per channel; a single value serves all channels.
package struct Normalization: Hashable, Sendable {
  /// Subtracted from each channel.
  package var mean: [Double]
  /// What each channel is then divided by; never 0.
  package var std: [Double]

  /// Creates a normalisation.
  package init(mean: [Double], std: [Double]) { (self.mean, self.std) = (mean, std) }
}

extension DatasetSelection {
  /// The data sets that a grid can name, with their options.
  package static let tables: [OptionTable] =
    (KnownDataset.published + KnownDataset.all.filter { $0.publication == nil }).map {
      OptionTable($0.name, $0.documentation, commonOptions)
    }
    + [("idx", "Arrays in MNIST's IDX format, by path."), ("npy", "NumPy arrays, by path.")].map {
      OptionTable($0, $1, fileOptions + commonOptions)
    }

  /// How many classes a data set may have: a label is a byte.
  package static let maximumClasses = 256

  private static let commonOptions: [Option] = [
    .optional("train", .integer(1...1_000_000_000), "How many of the first training examples are used."),
    .optional("test", .integer(1...1_000_000_000), "How many of the first test examples are used."),
    .option(
      "validation", .integer(0...1_000_000_000), default: .integer(0),
      "How many examples are split off the end of the training set."),
    .option("shuffle", .boolean, default: .boolean(true), "Whether each epoch has a new order."),
    .option(
      "drop_last", .boolean, default: .boolean(false),
      "Whether an epoch leaves out its last batch where that would be smaller, as DataLoader's drop_last does."),
    .option(
      "normalize", .either([.object(normalization), .null]), default: .null,
      "(x − mean) / std after the division by 255."),
    .optional(
      "classes", .list(.text(200), count: 2...maximumClasses), "The classes' names, where the data set's will not do."),
  ]

  private static let normalization = OptionTable(
    "normalize", "Subtracts a mean from every channel and divides by a standard deviation.",
    [
      .option(
        "mean", .list(.number(NumberRange(-1e6...1e6)), count: 1...1_000), "One value per channel, or one for all."),
      .option(
        "std", .list(.number(NumberRange(1e-6...1e6)), count: 1...1_000), "One value per channel, or one for all."),
    ])

  private static let fileOptions: [Option] = [
    .option("train_images", .text(4_096), "The file of the training images."),
    .option("train_labels", .text(4_096), "The file of their classes."),
    .option("test_images", .text(4_096), "The file of the test images."),
    .option("test_labels", .text(4_096), "The file of their classes."),
  ]

  /// Makes the selection of a table's name and checked options.
  package init(_ name: String, _ options: Options) {
    self.init(
      name: name, classes: options.textsIfAny("classes"), train: options.integerIfAny("train"),
      test: options.integerIfAny("test"), validation: options.integer("validation"),
      shuffle: options.boolean("shuffle"))
    dropsLast = options.boolean("drop_last")
    if options["train_images"] != nil {
      files = DatasetFiles(
        trainImages: options.text("train_images"), trainLabels: options.text("train_labels"),
        testImages: options.text("test_images"), testLabels: options.text("test_labels"))
    }
    if case .object(let values)? = options["normalize"] {
      normalize = Normalization(mean: values.numbers("mean"), std: values.numbers("std"))
    }
  }

  /// All options in the table's order, but for paths and the classes' names, which change no number; `drop_last` only
  /// where it is set, so that a trial keeps the key that it had before there was one.
  var identity: [(name: String, value: OptionValue)] {
    [
      ("train", train.map { .integer($0) } ?? .null), ("test", test.map { .integer($0) } ?? .null),
      ("validation", .integer(validation)), ("shuffle", .boolean(shuffle)),
      (
        "normalize",
        normalize.map {
          .object(
            Options(["mean": .list($0.mean.map { .number($0) }), "std": .list($0.std.map { .number($0) })]))
        } ?? .null
      ),
    ] + (dropsLast ? [("drop_last", .boolean(true))] : [])
  }
}
