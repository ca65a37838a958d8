import Architectures

/// The data that a configuration asks for, as the grid says it.
package struct DatasetSelection: Hashable, Sendable {
  /// The name of a ``KnownDataset``, `idx` or `npy` for arrays by path, or `image_folder` for pictures.
  package var name: String
  /// Where the arrays lie, for `idx` and `npy` only.
  package var files: DatasetFiles?
  /// Where the pictures lie, for `image_folder` only.
  package var folders: PictureFolders?
  /// Class names of the user's own; `nil` takes the data set's.
  package var classes: [String]?
  /// How many of the first training examples are used, those for validation included; `nil` is all.
  package var train: Int?
  /// How many of the first test examples are used; `nil` is all.
  package var test: Int?
  /// Which of the training examples validate.
  package var split: Split
  /// The seed of the order in which the training examples are split; `nil` leaves them in the file's.
  package var splitSeed: Int?
  /// Whether the training examples come in a new order each epoch.
  package var shuffle: Bool
  /// How an epoch's examples are drawn; `nil` is each of them once, shuffled or not.
  package var sampler: ExampleSampler?
  /// Whether an epoch leaves out its last batch where that would be smaller.
  package var dropsLast = false
  /// Per-channel normalisation after the division by 255 and all transforms; `nil` is none.
  package var normalize: Normalization?
  /// What is done to all examples, once.
  package var transform: [Transform] = []
  /// What is done to training examples each time they are used.
  package var augment: [Transform] = []
  /// How the examples of a training batch are then mixed; `nil` leaves them.
  package var mix: BatchMix?

  /// Whether training batches are made anew each time.
  package var changesBatches: Bool { !augment.isEmpty || mix != nil }

  /// What is done to the examples beside normalisation: `Augmented`, `random crop, size 32`.
  package var changes: [Fact] {
    let lists = [("Transformed", transform), ("Augmented", augment)].filter { !$0.1.isEmpty }
    return lists.map { name, transforms in Fact(name: name, items: transforms.map { .init($0.words) }) }
      + (mix.map { [Fact(name: "Batches mixed", items: [.init($0.words)])] } ?? [])
  }

  /// Creates a selection of a whole data set.
  package init(
    name: String, files: DatasetFiles? = nil, classes: [String]? = nil, train: Int? = nil, test: Int? = nil,
    validation: Int = 0, shuffle: Bool = true, normalize: Normalization? = nil
  ) {
    (self.name, self.files, self.classes) = (name, files, classes)
    (self.train, self.test, split) = (train, test, .last(validation))
    (self.shuffle, self.normalize) = (shuffle, normalize)
  }

  /// The shape of what a network reads.
  ///
  /// - Parameter source: the shape of an example before any transform.
  /// - Throws: ``TransformError`` where a transform can't be applied, or augmented images have another shape than those
  ///   that are evaluated.
  package func shape(of source: Shape) throws(TransformError) -> Shape {
    let shape = try transform.output(of: source, key: "dataset.transform")
    let augmented = try augment.output(of: shape, key: "dataset.augment")
    guard augmented == shape else {
      throw TransformError(
        key: "dataset.augment",
        "makes images of \(augmented), and those that are evaluated are \(shape); what changes their shape stands in "
          + "dataset.transform, which all examples go through (\(Transform.fixedTables.map(\.name).joined(separator: ", ")))"
      )
    }
    try mix?.check(shape)
    return shape
  }
}

/// Which of the training examples validate.
package enum Split: Hashable, Sendable {
  /// So many at their end.
  case last(Int)
  /// One of several parts that are as equal as can be, the first ones larger, as scikit-learn's `KFold` cuts them.
  case fold(Int, of: Int)

  /// The validation examples among so many.
  package func range(of count: Int) -> Range<Int> {
    switch self {
    case .last(let validation): return count - validation..<count
    case .fold(let fold, let folds):
      let (size, larger) = count.quotientAndRemainder(dividingBy: folds)
      let start = fold * size + min(fold, larger)
      return start..<start + size + (fold < larger ? 1 : 0)
    }
  }

  fileprivate var optionValue: OptionValue {
    switch self {
    case .last(let validation): .integer(validation)
    case .fold(let fold, let count): .object(Options(["fold": .integer(fold), "of": .integer(count)]))
    }
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

/// The folders of a data set of pictures, each with a folder for each class.
package struct PictureFolders: Hashable, Sendable {
  /// The folder of the pictures to train on.
  package var train: String
  /// The folder of the pictures to test on.
  package var test: String
  /// What is made of them.
  package var mode: Mode

  /// What is made of a picture, as Pillow's `convert(mode)` makes it.
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Red, green and blue.
    case colour = "RGB"
    /// One channel.
    case grey = "L"

    /// The channels of an example.
    package var channels: Int { self == .colour ? 3 : 1 }
  }

  /// Creates the two paths.
  package init(train: String, test: String, mode: Mode = .colour) {
    (self.train, self.test, self.mode) = (train, test, mode)
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
    + [
      OptionTable(
        "image_folder",
        "PNG and JPEG pictures by path, in a folder for each class (torchvision.datasets.ImageFolder).",
        folderOptions + commonOptions)
    ]

  /// How many classes a data set may have: a label is a byte.
  package static let maximumClasses = 256

  private static let commonOptions: [Option] = [
    .optional("train", .integer(1...1_000_000_000), "How many of the first training examples are used."),
    .optional("test", .integer(1...1_000_000_000), "How many of the first test examples are used."),
    .option(
      "validation", .either([.integer(0...1_000_000_000), .object(fold)]), default: .integer(0),
      "How many examples are split off the end of the training set, or which fold of how many validates."),
    .option(
      "split_seed", .either([.integer(0...4_294_967_295), .null]), default: .null,
      "Splits the training examples in the order of torch.randperm with a generator of this seed, not in the file's."),
    .option("shuffle", .boolean, default: .boolean(true), "Whether each epoch has a new order."),
    .option(
      "sampler", .either([.tagged(ExampleSampler.tables), .null]), default: .null,
      "How the training examples of an epoch are drawn, where that is not each of them once: DataLoader's sampler."),
    .option(
      "drop_last", .boolean, default: .boolean(false),
      "Whether an epoch leaves out its last batch where that would be smaller, as DataLoader's drop_last does."),
    .option(
      "normalize", .either([.object(normalization), .null]), default: .null,
      "(x − mean) / std after the division by 255."),
    .option(
      "transform", .list(.tagged(Transform.fixedTables), count: 0...50), default: .list([]),
      "What is done to all examples, once, before normalisation: transforms of torchvision that draw nothing."),
    .option(
      "augment", .list(.tagged(Transform.tables), count: 0...50), default: .list([]),
      "What is done to training examples each time they are used, before normalisation: transforms of torchvision."),
    .option(
      "mix", .either([.tagged(BatchMix.tables), .null]), default: .null,
      "How each example of a training batch is mixed with the one before it, after normalisation; null leaves them."),
    .optional(
      "classes", .list(.text(200), count: 2...maximumClasses), "The classes' names, where the data set's will not do."),
  ]

  private static let fold = OptionTable(
    "validation", "One of several equal parts of the training examples validates.",
    [
      .option("fold", .integer(0...1_000_000_000), "The part that validates, counted from 0."),
      .option("of", .integer(2...1_000_000_000), "How many parts there are."),
    ])

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

  private static let folderOptions: [Option] = [
    .option("train_folder", .text(4_096), "The folder of the training pictures, with a folder for each class."),
    .option("test_folder", .text(4_096), "The folder of the test pictures, with the same folders."),
    .option(
      "mode", .choice(PictureFolders.Mode.allCases.map(\.rawValue)),
      default: .text(PictureFolders.Mode.colour.rawValue),
      "RGB makes three channels of every picture, L one, as Pillow's convert does."),
  ]

  /// Makes the selection of a table's name and checked options.
  package init(_ name: String, _ options: Options) {
    self.init(
      name: name, classes: options.textsIfAny("classes"), train: options.integerIfAny("train"),
      test: options.integerIfAny("test"), validation: options.integerIfAny("validation") ?? 0,
      shuffle: options.boolean("shuffle"))
    if case .object(let fold)? = options["validation"] {
      split = .fold(fold.integer("fold"), of: fold.integer("of"))
    }
    splitSeed = options.integerIfAny("split_seed")
    (transform, augment) = (
      options.objects("transform").map(Transform.init), options.objects("augment").map(Transform.init)
    )
    if case .object(let options)? = options["mix"] { mix = BatchMix(options) }
    dropsLast = options.boolean("drop_last")
    if case .object(let options)? = options["sampler"] { sampler = ExampleSampler(options) }
    if options["train_images"] != nil {
      files = DatasetFiles(
        trainImages: options.text("train_images"), trainLabels: options.text("train_labels"),
        testImages: options.text("test_images"), testLabels: options.text("test_labels"))
    }
    if options["train_folder"] != nil {
      folders = PictureFolders(
        train: options.text("train_folder"), test: options.text("test_folder"),
        mode: PictureFolders.Mode(rawValue: options.text("mode")) ?? .colour)
    }
    if case .object(let values)? = options["normalize"] {
      normalize = Normalization(mean: values.numbers("mean"), std: values.numbers("std"))
    }
  }

  /// All options in the table's order, but for paths and the classes' names, which change no number; what came later only
  /// where it is set, so that a trial keeps the key that it had before.
  var identity: [(name: String, value: OptionValue)] {
    var values: [(name: String, value: OptionValue)] = [
      ("train", train.map { .integer($0) } ?? .null), ("test", test.map { .integer($0) } ?? .null),
      ("validation", split.optionValue), ("shuffle", .boolean(shuffle)),
      (
        "normalize",
        normalize.map {
          .object(
            Options(["mean": .list($0.mean.map { .number($0) }), "std": .list($0.std.map { .number($0) })]))
        } ?? .null
      ),
    ]
    if let folders, folders.mode != .colour { values.append(("mode", .text(folders.mode.rawValue))) }
    if dropsLast { values.append(("drop_last", .boolean(true))) }
    if let sampler { values.append(("sampler", sampler.optionValue)) }
    if let splitSeed { values.append(("split_seed", .integer(splitSeed))) }
    for (name, transforms) in [("transform", transform), ("augment", augment)] where !transforms.isEmpty {
      values.append((name, .list(transforms.map { .object($0.asOptions) })))
    }
    if let mix { values.append(("mix", .object(mix.asOptions))) }
    return values
  }
}
