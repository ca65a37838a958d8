/// A kind of network that is described by a few options and lowered to layers.
package struct ModelFamily: Sendable {
  /// The name and the options.
  package let table: OptionTable
  let lower: @Sendable (Options, Task) throws(OptionError) -> Architecture

  /// The task that a network is built for.
  package struct Task: Hashable, Sendable {
    /// The shape of the data set's examples.
    package var input: Shape
    /// Values that the network ends with.
    package var classes: Int
    /// What its output is compared with: a network for `nll` ends with a log-softmax.
    package var loss: Loss

    /// Creates a task.
    package init(input: Shape, classes: Int, loss: Loss = .crossEntropy) {
      (self.input, self.classes, self.loss) = (input, classes, loss)
    }
  }

  /// The option that every family has, and a model of explicit layers too.
  package static let initialisers = Initialisers.option(
    .matrix, "How the parameters of linear layers and convolutions begin; without it as PyTorch's modules do.")

  /// The families, in the order of manuals.
  package static let all = [mlp, cnn, conv1d, resnet, vgg, lenet]

  /// The layers that checked options describe.
  ///
  /// - Throws: where the data set's examples are of the wrong kind for the family.
  package func architecture(_ options: Options, for task: Task) throws(OptionError) -> Architecture {
    try lower(options, task)
  }

  /// `flatten`, then `linear` and activation for each size in `hidden`, then `linear` with one value per class.
  package static let mlp = ModelFamily(
    table: OptionTable(
      "mlp", "A multilayer perceptron: fully connected layers over the flattened example.",
      [
        .option("hidden", .list(.size, count: 0...100), default: .list([]), "Sizes of the hidden layers."),
        .option("activation", .activation, default: .text("relu"), "What follows each hidden layer."),
        .option("dropout", .share, default: .number(0), "Probability of a dropout after each hidden layer; 0 is none."),
        initialisers,
      ])
  ) { (options, task) throws(OptionError) in
    var layers = task.input.rank == 1 ? [] : [Layer(Flatten())]
    layers += head(options, task)
    return Architecture(input: task.input, layers: layers)
  }

  /// Convolution, activation and pooling for each size in `channels`, `flatten`, then as ``mlp``.
  package static let cnn = ModelFamily(
    table: OptionTable(
      "cnn", "A convolutional network: convolution, activation and pooling, then fully connected layers.",
      convolutionalOptions(.two))
  ) { (options, task) throws(OptionError) in
    try checkImages(task, "cnn")
    return convolutional(options, task, .two)
  }

  /// Sees that a family that needs images gets them.
  static func checkImages(_ task: Task, _ family: String) throws(OptionError) {
    guard task.input.rank == 3 else {
      throw OptionError(
        option: "family",
        "is \(family.debugDescription), which needs images [C, H, W]; the data set's examples are [\(task.input)]")
    }
  }

  /// As ``cnn`` over sequences; an image `[C, H, W]` is the sequence of its rows, see ``Shape/rowSequence``.
  package static let conv1d = ModelFamily(
    table: OptionTable(
      "conv1d",
      "A convolutional network over a sequence; an image is the sequence of its rows, each with C · W channels.",
      convolutionalOptions(.one))
  ) { (options, task) throws(OptionError) in
    var task = task
    switch task.input.rank {
    case 1: task.input = Shape(1, task.input.dimensions[0])
    case 2: break
    default: task.input = task.input.rowSequence
    }
    return convolutional(options, task, .one)
  }

  private static func convolutionalOptions(_ rank: SpatialRank) -> [Option] {
    [
      .option("channels", .list(.size, count: 1...100), "Channels of each convolution."),
      .option("kernel_size", .extent(rank), default: .integer(5), "Size of the kernels."),
      .option(
        "padding", .either([.extent(rank, from: 0), .choice(["same", "valid", "full"])]), default: .text("valid"),
        "What is added on each side; same keeps the size at stride 1, valid is 0, full is dilation × (kernel_size − 1)."
      ),
      .option("stride", .extent(rank), default: .integer(1), "Steps from one window of a convolution to the next."),
      .option("dilation", .extent(rank), default: .integer(1), "Steps between neighbouring values of a window."),
      .option("activation", .activation, default: .text("relu"), "What follows each convolution and hidden layer."),
      .option(
        "pooling", .choice(["max", "average", "none"]), default: .text("max"),
        "What follows the activation of each convolution."),
      .option("pool_size", .extent(rank), default: .integer(2), "Size of a pooling window."),
      .option(
        "pool_stride", .nullable(.extent(rank)), default: .null,
        "Steps from one pooling window to the next; null is the window's size."),
      .option("hidden", .list(.size, count: 0...100), default: .list([]), "Sizes of the hidden layers."),
      .option("dropout", .share, default: .number(0), "Probability of a dropout after each hidden layer; 0 is none."),
      initialisers,
    ]
  }

  private static func convolutional(_ options: Options, _ task: Task, _ rank: SpatialRank) -> Architecture {
    let kernel = options.extent("kernel_size", rank, flat: 1)
    let dilation = options.extent("dilation", rank, flat: 1)
    let padding: Padding =
      switch options.textIfAny("padding") {
      case "same"?: .same
      case "valid"?: .explicit(rank == .two ? Extent(0) : Extent(0, 0))
      case "full"?: .explicit(Extent(dilation.height * (kernel.height - 1), dilation.width * (kernel.width - 1)))
      default: .explicit(options.extent("padding", rank, flat: 0))
      }
    let window = options.extent("pool_size", rank, flat: 1)
    let step = options.extentIfAny("pool_stride", rank, flat: 1)
    var layers: [Layer] = []
    for channels in options.integers("channels") {
      layers.append(
        Layer(
          Convolution(
            rank: rank, outChannels: channels, kernelSize: kernel, stride: options.extent("stride", rank, flat: 1),
            padding: padding, dilation: dilation)))
      layers += options.activation
      switch options.text("pooling") {
      case "max": layers.append(Layer(MaxPooling(rank: rank, kernelSize: window, stride: step)))
      case "average":
        layers.append(Layer(AveragePooling(rank: rank, kernelSize: window, stride: step)))
      default: break
      }
    }
    return Architecture(input: task.input, layers: layers + [Layer(Flatten())] + head(options, task))
  }

  /// The fully connected end of a family with the options `hidden`, `activation` and `dropout`.
  static func head(_ options: Options, _ task: Task) -> [Layer] {
    var layers: [Layer] = []
    let dropout = options.number("dropout")
    for size in options.integers("hidden") {
      layers.append(Layer(Linear(outFeatures: size)))
      layers += options.activation
      if dropout > 0 { layers.append(Layer(Dropout(probability: dropout))) }
    }
    return layers + output(task)
  }

  /// The last layers: one value for each class, for `nll` as logarithms of shares.
  static func output(_ task: Task) -> [Layer] {
    [Layer(Linear(outFeatures: task.classes))] + (task.loss.kind == .nll ? [Layer(LogSoftmax())] : [])
  }
}

extension Shape {
  /// The shape of an image seen as the sequence of its rows: `[C, H, W]` becomes `[C · W, H]`.
  ///
  /// A row is one step of the sequence, its pixels are the channels: value `(c, h, w)` of the image is value
  /// `(w · C + c, h)` of the sequence; in PyTorch, `x.permute(0, 3, 1, 2).reshape(N, W · C, H)`. So an image that is
  /// stored channels-last is that sequence, stored channels-last, without a copy.
  package var rowSequence: Shape {
    precondition(rank == 3, "only an image has rows; the shape is [\(self)]")
    return Shape(dimensions[0] * dimensions[2], dimensions[1])
  }
}
