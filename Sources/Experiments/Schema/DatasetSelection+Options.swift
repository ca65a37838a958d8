import Architectures

extension DatasetSelection {
  /// The data sets that a grid can name, with their options.
  public static let tables: [OptionTable] =
    [
      ("mnist", "Handwritten digits, 28 × 28 grey, 60,000 to train on and 10,000 to test on."),
      ("fashion_mnist", "Pieces of clothing, in MNIST's format."),
      ("cifar10", "Photographs of ten kinds of things, 32 × 32 in colour, 50,000 and 10,000."),
      ("digits", "Digits that the program draws itself, 28 × 28 grey; needs no file."),
    ].map { OptionTable($0, $1, commonOptions) }
    + [("idx", "Arrays in MNIST's IDX format, by path."), ("npy", "NumPy arrays, by path.")].map {
      OptionTable($0, $1, fileOptions + commonOptions)
    }

  private static let commonOptions: [Option] = [
    .optional("train", .integer(1...1_000_000_000), "How many of the first training examples are used."),
    .optional("test", .integer(1...1_000_000_000), "How many of the first test examples are used."),
    .option(
      "validation", .integer(0...1_000_000_000), default: .integer(0),
      "How many examples are split off the end of the training set."),
    .option("shuffle", .boolean, default: .boolean(true), "Whether each epoch has a new order."),
    .option(
      "normalize", .either([.object(normalization), .null]), default: .null,
      "(x − mean) / std after the division by 255."),
    .optional("classes", .list(.text(200), count: 2...10_000), "The classes' names, where the data set's will not do."),
  ]

  private static let normalization = OptionTable(
    "normalize", "Subtracts a mean from every channel and divides by a standard deviation.",
    [
      .option("mean", .list(.number(NumberRange(-1e6...1e6)), count: 1...1_000), "A value a channel, or one for all."),
      .option(
        "std", .list(.number(NumberRange(1e-6...1e6)), count: 1...1_000), "A value a channel, or one for all."),
    ])

  private static let fileOptions: [Option] = [
    .option("train_images", .text(4_096), "The file of the training images."),
    .option("train_labels", .text(4_096), "The file of their classes."),
    .option("test_images", .text(4_096), "The file of the test images."),
    .option("test_labels", .text(4_096), "The file of their classes."),
  ]

  /// Makes the selection of a table's name and checked options.
  public init(_ name: String, _ options: Options) {
    self.init(
      name: name, classes: options.textsIfAny("classes"), train: options.integerIfAny("train"),
      test: options.integerIfAny("test"), validation: options.integer("validation"),
      shuffle: options.boolean("shuffle"))
    if options["train_images"] != nil {
      files = DatasetFiles(
        trainImages: options.text("train_images"), trainLabels: options.text("train_labels"),
        testImages: options.text("test_images"), testLabels: options.text("test_labels"))
    }
    if case .object(let values)? = options["normalize"] {
      normalize = Normalization(mean: values.numbers("mean"), std: values.numbers("std"))
    }
  }

  /// All options in the table's order, but for paths and the classes' names, which change no number.
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
    ]
  }
}
