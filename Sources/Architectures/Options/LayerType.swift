/// A kind of layer that a grid can name: its options as data, and how they become an ``Operation``.
public struct LayerType: Sendable {
  /// The name (PyTorch's module name in snake_case) and the options.
  public let table: OptionTable
  /// The option that repeats what the chain already says (`in_channels`): it may be given, and is then checked.
  public let inputOption: String?
  /// The options that a layer of the type may have: its own and the common ones.
  public let layerTable: OptionTable
  /// Makes the operation of checked options.
  let make: @Sendable (Options) -> Operation

  init(table: OptionTable, inputOption: String?, make: @escaping @Sendable (Options) -> Operation) {
    (self.table, self.inputOption, self.make) = (table, inputOption, make)
    layerTable = OptionTable(table.name, table.documentation, table.options + Self.commonOptions)
  }

  /// The types that work on images, then those that work on sequences, then the rest.
  public static let all: [LayerType] =
    [SpatialRank.two, .one].flatMap { rank in
      [
        convolution(rank), transposedConvolution(rank), maxPooling(rank), averagePooling(rank),
        adaptiveAveragePooling(rank), batchNorm(rank),
      ]
    } + [linear, dropout, leakyReLU, elu] + plain + [unflatten]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.table.name, $0) })

  /// The type of a name.
  public static func named(_ name: String) -> LayerType? { byName[name] }

  /// The layer that checked options describe.
  public func layer(_ options: Options, trainable: Bool = true, name: String? = nil) -> Layer {
    Layer(make(options), trainable: trainable, name: name)
  }

  /// Options that any layer may have beside its own.
  public static let commonOptions: [Option] = [
    .option(
      "trainable", .boolean, default: .boolean(true), "Whether the optimizer changes the layer (requires_grad)."),
    .optional("name", .text(100), "The layer's name in weight files; its place in the chain where there is none."),
  ]

  private static func input(_ name: String) -> Option {
    .optional(name, .size, "Inferred; where it is given it must agree.")
  }

  private static func convolution(_ rank: SpatialRank) -> LayerType {
    let table = OptionTable(
      "conv\(rank.rawValue)d", "A cross-correlation with learnt kernels (nn.Conv\(rank.rawValue)d).",
      [
        input("in_channels"),
        .option("out_channels", .size, "Channels after the layer."),
        .option("kernel_size", .extent(rank), "Size of the kernel."),
        .option("stride", .extent(rank), default: .integer(1), "Steps from one window to the next."),
        .option(
          "padding", .either([.extent(rank, from: 0), .choice(["same", "valid"])]), default: .integer(0),
          "What is added on each side; same keeps the size at stride 1, valid is 0."),
        .option("dilation", .extent(rank), default: .integer(1), "Steps between neighbouring values of a window."),
        .option("groups", .size, default: .integer(1), "Groups of channels with kernels of their own."),
        .option("bias", .boolean, default: .boolean(true), "Whether a bias is added."),
        .option(
          "padding_mode", .choice(PaddingMode.allCases.map(\.rawValue)), default: .text("zeros"),
          "What lies in the padding."),
      ])
    return LayerType(table: table, inputOption: "in_channels") { options in
      let padding: Padding =
        switch options.textIfAny("padding") {
        case "same"?: .same
        case "valid"?: .explicit(Extent(0))
        default: .explicit(options.extent("padding", rank, flat: 0))
        }
      return .convolution(
        Convolution(
          rank: rank, outChannels: options.integer("out_channels"),
          kernelSize: options.extent("kernel_size", rank, flat: 1), stride: options.extent("stride", rank, flat: 1),
          padding: padding, dilation: options.extent("dilation", rank, flat: 1), groups: options.integer("groups"),
          bias: options.boolean("bias"), paddingMode: PaddingMode(rawValue: options.text("padding_mode")) ?? .zeros))
    }
  }

  private static func transposedConvolution(_ rank: SpatialRank) -> LayerType {
    let table = OptionTable(
      "conv_transpose\(rank.rawValue)d",
      "The adjoint of a convolution, which enlarges (nn.ConvTranspose\(rank.rawValue)d).",
      [
        input("in_channels"),
        .option("out_channels", .size, "Channels after the layer."),
        .option("kernel_size", .extent(rank), "Size of the kernel."),
        .option("stride", .extent(rank), default: .integer(1), "Steps between the places of neighbouring kernels."),
        .option("padding", .extent(rank, from: 0), default: .integer(0), "What is cut from each side of the output."),
        .option(
          "output_padding", .extent(rank, from: 0), default: .integer(0), "What is added at the output's far sides."),
        .option("groups", .size, default: .integer(1), "Groups of channels with kernels of their own."),
        .option("bias", .boolean, default: .boolean(true), "Whether a bias is added."),
        .option("dilation", .extent(rank), default: .integer(1), "Steps between neighbouring values of a kernel."),
      ])
    return LayerType(table: table, inputOption: "in_channels") { options in
      .transposedConvolution(
        TransposedConvolution(
          rank: rank, outChannels: options.integer("out_channels"),
          kernelSize: options.extent("kernel_size", rank, flat: 1), stride: options.extent("stride", rank, flat: 1),
          padding: options.extent("padding", rank, flat: 0),
          outputPadding: options.extent("output_padding", rank, flat: 0), groups: options.integer("groups"),
          bias: options.boolean("bias"), dilation: options.extent("dilation", rank, flat: 1)))
    }
  }

  private static func window(_ rank: SpatialRank) -> [Option] {
    [
      .option("kernel_size", .extent(rank), "Size of a window."),
      .option(
        "stride", .nullable(.extent(rank)), default: .null,
        "Steps from one window to the next; null is the window's size."),
      .option(
        "padding", .extent(rank, from: 0), default: .integer(0),
        "What is added on each side, at most half of the window."),
    ]
  }

  private static func maxPooling(_ rank: SpatialRank) -> LayerType {
    let table = OptionTable(
      "max_pool\(rank.rawValue)d", "The largest value of each window (nn.MaxPool\(rank.rawValue)d).",
      window(rank) + [
        .option("dilation", .extent(rank), default: .integer(1), "Steps between neighbouring values of a window."),
        .option("ceil_mode", .boolean, default: .boolean(false), "Whether a window that passes the far edge counts."),
      ])
    return LayerType(table: table, inputOption: nil) { options in
      .maxPooling(
        MaxPooling(
          rank: rank, kernelSize: options.extent("kernel_size", rank, flat: 1),
          stride: options.extentIfAny("stride", rank, flat: 1), padding: options.extent("padding", rank, flat: 0),
          dilation: options.extent("dilation", rank, flat: 1), ceilMode: options.boolean("ceil_mode")))
    }
  }

  private static func averagePooling(_ rank: SpatialRank) -> LayerType {
    var options =
      window(rank) + [
        .option("ceil_mode", .boolean, default: .boolean(false), "Whether a window that passes the far edge counts."),
        .option("count_include_pad", .boolean, default: .boolean(true), "Whether the padding counts in the mean."),
      ]
    if rank == .two {
      options.append(
        .option("divisor_override", .nullable(.size), default: .null, "What to divide by instead of the window's size.")
      )
    }
    let table = OptionTable(
      "avg_pool\(rank.rawValue)d", "The mean of each window (nn.AvgPool\(rank.rawValue)d).", options)
    return LayerType(table: table, inputOption: nil) { options in
      .averagePooling(
        AveragePooling(
          rank: rank, kernelSize: options.extent("kernel_size", rank, flat: 1),
          stride: options.extentIfAny("stride", rank, flat: 1), padding: options.extent("padding", rank, flat: 0),
          ceilMode: options.boolean("ceil_mode"), countIncludePad: options.boolean("count_include_pad"),
          divisorOverride: options.integerIfAny("divisor_override")))
    }
  }

  private static func adaptiveAveragePooling(_ rank: SpatialRank) -> LayerType {
    let side = OptionKind.nullable(.size)
    let kind = OptionKind.either([.size, .list(side, count: rank.rawValue...rank.rawValue)])
    let table = OptionTable(
      "adaptive_avg_pool\(rank.rawValue)d",
      "Means over windows chosen for an output size (nn.AdaptiveAvgPool\(rank.rawValue)d).",
      [Option("output_size", kind, "Size after the layer; a null in a list keeps the input's.")])
    return LayerType(table: table, inputOption: nil) { options in
      let sides: [Int?] =
        options.listIfAny("output_size")?.map { if case .integer(let side) = $0 { side } else { nil } }
        ?? Array(repeating: options.integerIfAny("output_size"), count: rank.rawValue)
      return .adaptiveAveragePooling(
        AdaptiveAveragePooling(
          rank: rank, outputHeight: rank == .two ? sides[0] : 1, outputWidth: sides[rank.rawValue - 1]))
    }
  }

  private static func batchNorm(_ rank: SpatialRank) -> LayerType {
    let table = OptionTable(
      "batch_norm\(rank.rawValue)d",
      "Normalisation of each channel over the batch (nn.BatchNorm\(rank.rawValue)d).",
      [
        input("num_features"),
        .option(
          "eps", .number(NumberRange(0...1, excludesMinimum: true)), default: .number(1e-5), "Added to the variance."),
        .option(
          "momentum", .nullable(.share), default: .number(0.1),
          "The newest batch's share in the running statistics; null is the mean over all batches."),
        .option("affine", .boolean, default: .boolean(true), "Whether a scale and a shift are learnt."),
        .option("track_running_stats", .boolean, default: .boolean(true), "Whether running statistics are kept."),
      ])
    return LayerType(table: table, inputOption: "num_features") { options in
      .batchNorm(
        BatchNorm(
          rank: rank, eps: options.number("eps"), momentum: options.numberIfAny("momentum"),
          affine: options.boolean("affine"), trackRunningStats: options.boolean("track_running_stats")))
    }
  }

  private static let linear = LayerType(
    table: OptionTable(
      "linear", "A fully connected layer (nn.Linear).",
      [
        input("in_features"),
        .option("out_features", .size, "Values after the layer."),
        .option("bias", .boolean, default: .boolean(true), "Whether a bias is added."),
      ]), inputOption: "in_features"
  ) { .linear(Linear(outFeatures: $0.integer("out_features"), bias: $0.boolean("bias"))) }

  private static let dropout = LayerType(
    table: OptionTable(
      "dropout", "Sets values to zero at random while it trains (nn.Dropout).",
      [.option("p", .share, default: .number(0.5), "The probability of a zero.")]), inputOption: nil
  ) { .dropout(probability: $0.number("p")) }

  private static let leakyReLU = LayerType(
    table: OptionTable(
      "leaky_relu", "x where it is positive, otherwise negative_slope · x (nn.LeakyReLU).",
      [
        .option(
          "negative_slope", .number(NumberRange(-1_000...1_000)), default: .number(0.01), "The slope below zero.")
      ]), inputOption: nil
  ) { .activation(.leakyReLU(negativeSlope: $0.number("negative_slope"))) }

  private static let elu = LayerType(
    table: OptionTable(
      "elu", "x where it is positive, otherwise alpha · (exp(x) − 1) (nn.ELU).",
      [.option("alpha", .number(NumberRange(-1_000...1_000)), default: .number(1), "The value that it nears.")]),
    inputOption: nil
  ) { .activation(.elu(alpha: $0.number("alpha"))) }

  private static let plain: [LayerType] = [
    ("relu", "max(x, 0) (nn.ReLU).", .activation(.relu)),
    ("sigmoid", "1 / (1 + exp(−x)) (nn.Sigmoid).", .activation(.sigmoid)),
    ("tanh", "The hyperbolic tangent (nn.Tanh).", .activation(.tanh)),
    ("log_softmax", "Logarithms of probabilities over the channels (nn.LogSoftmax(dim=1)).", .logSoftmax),
    ("flatten", "One row of values per example, channels first (nn.Flatten()).", .flatten),
  ].map { (name: String, documentation: String, operation: Operation) in
    LayerType(table: OptionTable(name, documentation, []), inputOption: nil) { _ in operation }
  }

  private static let unflatten = LayerType(
    table: OptionTable(
      "unflatten", "Splits the first dimension, mostly of a row of values (nn.Unflatten(1, unflattened_size)).",
      [.option("unflattened_size", .list(.size, count: 1...3), "The shape, outermost first: [C, H, W].")]),
    inputOption: nil
  ) { .unflatten(Shape($0.integers("unflattened_size"))) }
}
