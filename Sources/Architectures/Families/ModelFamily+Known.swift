extension ModelFamily {
  /// He et al.'s network for small pictures, of 6n + 2 layers with weights: a 3 × 3 convolution; three stages of n blocks
  /// with `width`, twice and four times as many channels, the second and the third begin with a stride of 2; the mean
  /// over each channel; `linear`. Convolutions have no bias, and a batch normalisation behind each.
  ///
  /// - Source: He et al. 2015, arXiv:1512.03385, section 4.2; layers and shortcuts as in akamaster/pytorch_resnet_cifar10.
  package static let resnet = ModelFamily(
    table: OptionTable(
      "resnet", "A residual network for small pictures (He et al. 2015): three stages of blocks of two convolutions.",
      [
        .option(
          "depth", .integer(8...1_202), default: .integer(20), "Layers with weights: 6n + 2, for n blocks a stage."),
        .option(
          "width", .integer(1...100_000), default: .integer(16),
          "Channels of the first stage; each next has twice as many."),
        .option(
          "shortcut", .choice(["A", "B"]), default: .text("A"),
          "Where a stage begins: A is subsample2d, without weights; B a 1 × 1 convolution with a batch normalisation."),
        initialisers,
      ])
  ) { (options, task) throws(OptionError) in
    try checkImages(task, "resnet")
    let (depth, width) = (options.integer("depth"), options.integer("width"))
    guard depth % 6 == 2 else {
      let lower = (depth - 2) / 6 * 6 + 2
      throw OptionError(
        option: "depth",
        "is \(depth); expected 6n + 2, for n blocks in each of three stages: take \(lower) or \(lower + 6)")
    }
    var layers = convolution(width) + [Layer(Activation.relu)]
    for stage in 0..<3 {
      let channels = width << stage
      for block in 0..<(depth - 2) / 6 {
        let stride = stage > 0 && block == 0 ? 2 : 1
        let inside = convolution(channels, stride: stride) + [Layer(Activation.relu)] + convolution(channels)
        let shortcut: [Layer] =
          switch (stride, options.text("shortcut")) {
          case (1, _): []
          case (_, "A"): [Layer(Subsample(stride: Extent(stride), outChannels: channels))]
          default: convolution(channels, size: 1, stride: stride)
          }
        layers += [Layer(Residual(inside, shortcut: shortcut)), Layer(Activation.relu)]
      }
    }
    layers += [Layer(AdaptiveAveragePooling(outputHeight: 1, outputWidth: 1)), Layer(Flatten())]
    return Architecture(input: task.input, layers: layers + output(task))
  }

  /// A convolution that keeps the size at stride 1, without a bias, and a batch normalisation.
  private static func convolution(_ channels: Int, size: Int = 3, stride: Int = 1) -> [Layer] {
    [
      Layer(
        Convolution(
          outChannels: channels, kernelSize: Extent(size), stride: Extent(stride),
          padding: .explicit(Extent(size / 2)), bias: false)),
      Layer(BatchNorm()),
    ]
  }

  /// For each list in `blocks` a 3 × 3 convolution and a ReLU for each of its numbers, then a pooling; `flatten`; the
  /// fully connected end.
  ///
  /// - Source: Simonyan & Zisserman 2014, arXiv:1409.1556; the batch normalisation as in torchvision's `vgg11_bn`.
  package static let vgg = ModelFamily(
    table: OptionTable(
      "vgg", "3 × 3 convolutions in blocks, each of which ends with a max pooling (Simonyan & Zisserman 2014).",
      [
        .option(
          "blocks", .list(.list(.size, count: 1...100), count: 1...20),
          "The channels of each convolution, in a list for each block: [[64], [128], [256, 256]]."),
        .option(
          "batch_norm", .boolean, default: .boolean(true), "Whether a batch normalisation follows each convolution."),
        .option("hidden", .list(.size, count: 0...100), default: .list([]), "Sizes of the hidden layers."),
        .option("activation", .activation, default: .text("relu"), "What follows each convolution and hidden layer."),
        .option("dropout", .share, default: .number(0), "Probability of a dropout after each hidden layer; 0 is none."),
        initialisers,
      ])
  ) { (options, task) throws(OptionError) in
    try checkImages(task, "vgg")
    let normalises = options.boolean("batch_norm")
    var layers: [Layer] = []
    for block in options.lists("blocks") {
      for channels in block {
        layers.append(
          Layer(Convolution(outChannels: channels, kernelSize: Extent(3), padding: .explicit(Extent(1)))))
        if normalises { layers.append(Layer(BatchNorm())) }
        layers += options.activation
      }
      layers.append(Layer(MaxPooling(kernelSize: Extent(2))))
    }
    return Architecture(input: task.input, layers: layers + [Layer(Flatten())] + head(options, task))
  }

  /// Two 5 × 5 convolutions with 6 and 16 channels, each with a pooling, then `linear` of 120, 84 and the classes: LeNet-5
  /// as it is taught today. The first convolution pads by 2 where examples have fewer than 32 rows, as LeCun's digits
  /// were padded.
  ///
  /// - Source: LeCun et al. 1998, Proceedings of the IEEE 86(11), with weights for every pair of channels and without
  ///   the scaled sums and the radial basis functions.
  package static let lenet = ModelFamily(
    table: OptionTable(
      "lenet", "LeNet-5 as it is taught today: 5 × 5 convolutions of 6 and 16 channels, linear layers of 120 and 84.",
      [
        .option("activation", .activation, default: .text("relu"), "What follows each convolution and hidden layer."),
        .option(
          "pooling", .choice(["max", "average"]), default: .text("max"),
          "What follows the activation of each convolution."),
        initialisers,
      ])
  ) { (options, task) throws(OptionError) in
    try checkImages(task, "lenet")
    let isMaximum = options.text("pooling") == "max"
    let window = Extent(2)
    var layers: [Layer] = []
    for (index, channels) in [6, 16].enumerated() {
      let padding = index == 0 && task.input.dimensions[1] < 32 ? 2 : 0
      layers.append(
        Layer(Convolution(outChannels: channels, kernelSize: Extent(5), padding: .explicit(Extent(padding)))))
      layers += options.activation
      layers.append(Layer(isMaximum ? MaxPooling(kernelSize: window) : AveragePooling(kernelSize: window)))
    }
    layers.append(Layer(Flatten()))
    for size in [120, 84] { layers += [Layer(Linear(outFeatures: size))] + options.activation }
    return Architecture(input: task.input, layers: layers + output(task))
  }
}
