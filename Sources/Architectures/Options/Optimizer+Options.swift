extension Optimizer {
  /// The optimizers that a grid can name, with their options and PyTorch's defaults.
  public static let tables: [OptionTable] = [
    OptionTable(
      "sgd", "Stochastic gradient descent (torch.optim.SGD).",
      [
        learningRate,
        .option("momentum", .factor, default: .number(0), "The share of the last step that is kept."),
        .option("dampening", .factor, default: .number(0), "The share of the momentum that a new gradient loses."),
        .option("weight_decay", .factor, default: .number(0), "The factor of the L2 penalty."),
        .option(
          "nesterov", .boolean, default: .boolean(false), "Whether the gradient is taken one step ahead."),
      ]),
    adamTable("adam", "Adam (torch.optim.Adam).", weightDecay: 0),
    adamTable("adamw", "Adam with the weight decay apart from the gradient (torch.optim.AdamW).", weightDecay: 0.01),
  ]

  private static let learningRate = Option.option("lr", .factor, default: .number(0.001), "The learning rate.")

  private static func adamTable(_ name: String, _ documentation: String, weightDecay: Double) -> OptionTable {
    let beta = OptionKind.number(NumberRange(0...1, excludesMaximum: true))
    return OptionTable(
      name, documentation,
      [
        learningRate,
        .option(
          "betas", .list(beta, count: 2...2), default: .list([.number(0.9), .number(0.999)]),
          "The shares of the first and the second moment that are kept."),
        .option("eps", .factor, default: .number(1e-8), "Added to the root of the second moment."),
        .option("weight_decay", .factor, default: .number(weightDecay), "The factor of the weight decay."),
        .option("amsgrad", .boolean, default: .boolean(false), "Whether the largest second moment so far is used."),
      ])
  }

  /// Makes the optimizer of a table's name and checked options.
  ///
  /// - Throws: where Nesterov's step is asked for without momentum or with dampening, as PyTorch does.
  public init(_ name: String, _ options: Options) throws(OptionProblem) {
    guard name != "sgd" else {
      let sgd = SGD(
        learningRate: options.number("lr"), momentum: options.number("momentum"),
        dampening: options.number("dampening"), weightDecay: options.number("weight_decay"),
        nesterov: options.boolean("nesterov"))
      if sgd.nesterov, sgd.momentum <= 0 || sgd.dampening != 0 {
        throw OptionProblem(
          option: "nesterov",
          "is true with momentum \(sgd.momentum) and dampening \(sgd.dampening); it needs a momentum above 0 "
            + "and a dampening of 0")
      }
      self = .sgd(sgd)
      return
    }
    let betas = options.numbers("betas")
    let adam = Adam(
      learningRate: options.number("lr"), beta1: betas[0], beta2: betas[1], eps: options.number("eps"),
      weightDecay: options.number("weight_decay"), amsgrad: options.boolean("amsgrad"))
    self = name == "adamw" ? .adamW(adam) : .adam(adam)
  }

  /// The name of the optimizer's table and all its options in the table's order.
  public var asOptions: (name: String, options: [(name: String, value: OptionValue)]) {
    switch self {
    case .sgd(let sgd):
      return (
        "sgd",
        [
          ("lr", .number(sgd.learningRate)), ("momentum", .number(sgd.momentum)),
          ("dampening", .number(sgd.dampening)), ("weight_decay", .number(sgd.weightDecay)),
          ("nesterov", .boolean(sgd.nesterov)),
        ]
      )
    case .adam(let adam): return ("adam", adam.asOptions)
    case .adamW(let adam): return ("adamw", adam.asOptions)
    }
  }
}

extension Optimizer.Adam {
  fileprivate var asOptions: [(name: String, value: OptionValue)] {
    [
      ("lr", .number(learningRate)), ("betas", .list([.number(beta1), .number(beta2)])), ("eps", .number(eps)),
      ("weight_decay", .number(weightDecay)), ("amsgrad", .boolean(amsgrad)),
    ]
  }
}
