/// How parameters follow their gradients. Options and defaults are those of PyTorch's optimizer of the same name.
///
/// A new optimizer is a case here with its options and its table, a kernel, and its step in the network's
/// `OptimizerState`.
package enum Optimizer: Hashable, Sendable {
  /// `torch.optim.SGD`
  case sgd(SGD)
  /// `torch.optim.Adam`
  case adam(Adam)
  /// `torch.optim.AdamW`: as Adam, the weight decay apart from the gradient.
  case adamW(Adam)

  /// The optimizers by their names in grids, in the order of manuals.
  private enum Name: String, CaseIterable {
    case sgd, adam
    case adamW = "adamw"

    var table: OptionTable {
      switch self {
      case .sgd: SGD.form.table
      case .adam: Adam.form.table
      case .adamW: Adam.decoupledForm.table
      }
    }
  }

  /// The optimizers that a grid can name, with their options and PyTorch's defaults.
  package static let tables: [OptionTable] = Name.allCases.map(\.table)

  /// Makes the optimizer of a table's name and checked options.
  ///
  /// - Throws: where Nesterov's step is asked for without momentum or with dampening, as PyTorch does.
  package init(_ name: String, _ options: Options) throws(OptionError) {
    guard let name = Name(rawValue: name) else { preconditionFailure("no optimizer has the name \(name)") }
    switch name {
    case .sgd: self = .sgd(try SGD.form.value(options).checked())
    case .adam: self = .adam(Adam.form.value(options))
    case .adamW: self = .adamW(Adam.decoupledForm.value(options))
    }
    try scheduler?.check(hasMomentum: momentum != nil)
  }

  private var described: (name: Name, title: String, options: [DescribedOption]) {
    switch self {
    case .sgd(let options): (.sgd, "SGD", SGD.form.options(of: options))
    case .adam(let options): (.adam, "Adam", Adam.form.options(of: options))
    case .adamW(let options): (.adamW, "AdamW", Adam.decoupledForm.options(of: options))
    }
  }

  /// The name of the optimizer's table and all its options in the table's order.
  package var asOptions: (name: String, options: [(name: String, value: OptionValue)]) {
    let (name, _, options) = described
    return (name.rawValue, options.pairs)
  }

  /// The name of PyTorch's class: `SGD`.
  package var title: String { described.title }

  /// The options that the optimizer has.
  package var table: OptionTable { described.name.table }

  /// The learning rate, whatever the optimizer.
  package var learningRate: Double { common.learningRate }

  /// How the learning rate changes; `nil` keeps it.
  package var scheduler: Scheduler? {
    get { common.scheduler }
    set { change { $0.scheduler = newValue } }
  }

  /// What a cycle of the momentum changes, and PyTorch's schedulers call so: SGD's momentum, Adam's β₁; `nil` for an
  /// optimizer that has neither.
  package var momentum: Double? { common.cycledMomentum }

  /// The optimizer with the rate, and where it is cycled the momentum, of one step.
  package func with(_ group: RateGroup) -> Optimizer {
    var changed = self
    changed.change {
      $0.learningRate = group.rate
      $0.cycledMomentum = group.momentum
    }
    return changed
  }

  private var common: any OptimizerOptions {
    switch self {
    case .sgd(let options): options
    case .adam(let options), .adamW(let options): options
    }
  }

  private mutating func change(_ body: (inout any OptimizerOptions) -> Void) {
    func changed<Kind: OptimizerOptions>(_ options: Kind) -> Kind {
      var common: any OptimizerOptions = options
      body(&common)
      return common as? Kind ?? options
    }
    switch self {
    case .sgd(let options): self = .sgd(changed(options))
    case .adam(let options): self = .adam(changed(options))
    case .adamW(let options): self = .adamW(changed(options))
    }
  }
}

/// Options that every optimizer has.
private protocol OptimizerOptions: Hashable, Sendable {
  var learningRate: Double { get set }
  var scheduler: Scheduler? { get set }
  /// The momentum, or the first of `betas`; an optimizer without either has `nil` and keeps nothing.
  var cycledMomentum: Double? { get set }
}

extension OptimizerOptions {
  /// The fields of these options, which come first in every table.
  fileprivate static var commonFields: [OptionField<Self>] {
    [
      .option("lr", .factor, \.learningRate, "The learning rate."),
      .option(
        .optional("scheduler", .nullable(.tagged(Scheduler.tables)), "How the learning rate changes; null keeps it."),
        set: { value, options in
          value.scheduler = if case .object(let options)? = options["scheduler"] { Scheduler(options) } else { nil }
        },
        value: { $0.scheduler.map { .object($0.asOptions) } }, isDefault: { $0.scheduler == nil }),
    ]
  }
}

extension Optimizer {
  /// Stochastic gradient descent.
  package struct SGD: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of the last step that is kept.
    package var momentum: Double
    /// The share of the momentum that a new gradient loses.
    package var dampening: Double
    /// The L2 penalty's factor.
    package var weightDecay: Double
    /// Whether the gradient is taken one step ahead.
    package var nesterov: Bool
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
      nesterov: Bool = false, scheduler: Scheduler? = nil
    ) {
      self.scheduler = scheduler
      (self.learningRate, self.momentum, self.dampening) = (learningRate, momentum, dampening)
      (self.weightDecay, self.nesterov) = (weightDecay, nesterov)
    }

    fileprivate static let form = OptionForm(
      "sgd", "Stochastic gradient descent (torch.optim.SGD).", SGD(),
      commonFields + [
        .option("momentum", .factor, \.momentum, "The share of the last step that is kept."),
        .option("dampening", .factor, \.dampening, "The share of the momentum that a new gradient loses."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the L2 penalty."),
        .option(
          "nesterov", .boolean, \.nesterov, title: "Nesterov", "Whether the gradient is taken one step ahead."),
      ])

    fileprivate var cycledMomentum: Double? {
      get { momentum }
      set { momentum = newValue ?? momentum }
    }

    fileprivate func checked() throws(OptionError) -> SGD {
      guard nesterov, momentum <= 0 || dampening != 0 else { return self }
      throw OptionError(
        option: "nesterov",
        "is true with momentum \(momentum) and dampening \(dampening); it needs a momentum above 0 "
          + "and a dampening of 0")
    }
  }

  /// Adam. Source: Kingma & Ba 2014, arXiv:1412.6980; AdamW: Loshchilov & Hutter 2017, arXiv:1711.05101.
  package struct Adam: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of the first moment that is kept.
    package var beta1: Double
    /// The share of the second moment that is kept.
    package var beta2: Double
    /// Added to the root of the second moment.
    package var eps: Double
    /// The L2 penalty's factor (Adam), or the share of each weight that a step takes, times the rate (AdamW).
    package var weightDecay: Double
    /// Whether the largest second moment so far is used.
    package var amsgrad: Bool
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options; PyTorch's default weight decay is 0 for Adam and 0.01 for AdamW.
    package init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8,
      weightDecay: Double = 0, amsgrad: Bool = false, scheduler: Scheduler? = nil
    ) {
      self.scheduler = scheduler
      (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
      (self.eps, self.weightDecay, self.amsgrad) = (eps, weightDecay, amsgrad)
    }

    fileprivate var cycledMomentum: Double? {
      get { beta1 }
      set { beta1 = newValue ?? beta1 }
    }

    fileprivate static let form = OptionForm("adam", "Adam (torch.optim.Adam).", Adam(), fields)
    fileprivate static let decoupledForm = OptionForm(
      "adamw", "Adam with the weight decay apart from the gradient (torch.optim.AdamW).", Adam(weightDecay: 0.01),
      fields)

    private static let fields: [OptionField<Adam>] =
      commonFields + [
        .option(
          Option(
            "betas", .list(.number(NumberRange(0...1, excludesMaximum: true)), count: 2...2),
            default: .list([.number(0.9), .number(0.999)]),
            "The shares of the first and the second moment that are kept."),
          set: { adam, options in
            let betas = options.numbers("betas")
            (adam.beta1, adam.beta2) = (betas[0], betas[1])
          },
          value: { .list([.number($0.beta1), .number($0.beta2)]) },
          isDefault: { $0.beta1 == Adam().beta1 && $0.beta2 == Adam().beta2 }),
        .option("eps", .factor, \.eps, "Added to the root of the second moment."),
        .option("weight_decay", .factor, \.weightDecay, inert: .number(0), "The factor of the weight decay."),
        .option(
          "amsgrad", .boolean, \.amsgrad, title: "AMSGrad", "Whether the largest second moment so far is used."),
      ]
  }
}
