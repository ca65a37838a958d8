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
  /// `torch.optim.RMSprop`
  case rmsprop(RMSprop)
  /// `torch.optim.Adagrad`
  case adagrad(Adagrad)
  /// `torch.optim.Adadelta`
  case adadelta(Adadelta)
  /// `torch.optim.Adamax`
  case adamax(Adamax)
  /// `torch.optim.NAdam`
  case nadam(NAdam)
  /// `torch.optim.RAdam`
  case radam(RAdam)
  /// `torch.optim.Rprop`
  case rprop(Rprop)

  /// The optimizers by their names in grids, in the order of manuals.
  private enum Name: String, CaseIterable {
    case sgd, adam
    case adamW = "adamw"
    case rmsprop, adagrad, adadelta, adamax, nadam, radam, rprop

    var table: OptionTable {
      switch self {
      case .sgd: SGD.form.table
      case .adam: Adam.form.table
      case .adamW: Adam.decoupledForm.table
      case .rmsprop: RMSprop.form.table
      case .adagrad: Adagrad.form.table
      case .adadelta: Adadelta.form.table
      case .adamax: Adamax.form.table
      case .nadam: NAdam.form.table
      case .radam: RAdam.form.table
      case .rprop: Rprop.form.table
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
    case .rmsprop: self = .rmsprop(RMSprop.form.value(options))
    case .adagrad: self = .adagrad(Adagrad.form.value(options))
    case .adadelta: self = .adadelta(Adadelta.form.value(options))
    case .adamax: self = .adamax(Adamax.form.value(options))
    case .nadam: self = .nadam(NAdam.form.value(options))
    case .radam: self = .radam(RAdam.form.value(options))
    case .rprop: self = .rprop(try Rprop.form.value(options).checked())
    }
    try scheduler?.check(hasMomentum: momentum != nil)
  }

  private var named: (name: Name, title: String) {
    switch self {
    case .sgd: (.sgd, "SGD")
    case .adam: (.adam, "Adam")
    case .adamW: (.adamW, "AdamW")
    case .rmsprop: (.rmsprop, "RMSprop")
    case .adagrad: (.adagrad, "Adagrad")
    case .adadelta: (.adadelta, "Adadelta")
    case .adamax: (.adamax, "Adamax")
    case .nadam: (.nadam, "NAdam")
    case .radam: (.radam, "RAdam")
    case .rprop: (.rprop, "Rprop")
    }
  }

  private var options: [DescribedOption] {
    switch self {
    case .sgd(let options): SGD.form.options(of: options)
    case .adam(let options): Adam.form.options(of: options)
    case .adamW(let options): Adam.decoupledForm.options(of: options)
    case .rmsprop(let options): RMSprop.form.options(of: options)
    case .adagrad(let options): Adagrad.form.options(of: options)
    case .adadelta(let options): Adadelta.form.options(of: options)
    case .adamax(let options): Adamax.form.options(of: options)
    case .nadam(let options): NAdam.form.options(of: options)
    case .radam(let options): RAdam.form.options(of: options)
    case .rprop(let options): Rprop.form.options(of: options)
    }
  }

  /// The name of the optimizer's table and all its options in the table's order.
  package var asOptions: (name: String, options: [(name: String, value: OptionValue)]) {
    (named.name.rawValue, options.pairs)
  }

  /// The name of PyTorch's class: `SGD`.
  package var title: String { named.title }

  /// The options that the optimizer has.
  package var table: OptionTable { named.name.table }

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
    case .rmsprop(let options): options
    case .adagrad(let options): options
    case .adadelta(let options): options
    case .adamax(let options): options
    case .nadam(let options): options
    case .radam(let options): options
    case .rprop(let options): options
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
    case .rmsprop(let options): self = .rmsprop(changed(options))
    case .adagrad(let options): self = .adagrad(changed(options))
    case .adadelta(let options): self = .adadelta(changed(options))
    case .adamax(let options): self = .adamax(changed(options))
    case .nadam(let options): self = .nadam(changed(options))
    case .radam(let options): self = .radam(changed(options))
    case .rprop(let options): self = .rprop(changed(options))
    }
  }

  /// The optimizer as it changes the parameters of a layer that has a learning rate or a weight decay of its own:
  /// `nil` leaves the optimizer's. One of the parameter groups of `torch.optim`.
  package func with(learningRate: Double?, weightDecay: Double?) -> Optimizer {
    if learningRate == nil, weightDecay == nil { return self }
    let (name, options) = asOptions
    var values = Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.value) })
    if let learningRate { values["lr"] = .number(learningRate) }
    if let weightDecay { values["weight_decay"] = .number(weightDecay) }
    // Neither is a part of what options that go together are asked for.
    guard let optimizer = try? Optimizer(name, Options(values)) else {
      preconditionFailure("\(name) takes every learning rate and weight decay")
    }
    return optimizer
  }
}

/// Options that every optimizer has.
protocol OptimizerOptions: Hashable, Sendable {
  var learningRate: Double { get set }
  var scheduler: Scheduler? { get set }
  /// The momentum, or the first of `betas`; an optimizer without either has `nil` and keeps nothing.
  var cycledMomentum: Double? { get set }
}

extension OptimizerOptions {
  var cycledMomentum: Double? {
    get { nil }
    set {}
  }

  /// The fields of these options, which come first in every table.
  static var commonFields: [OptionField<Self>] {
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

extension OptionField where Value: OptimizerOptions {
  /// The option `betas` of Adam and its kin.
  static func betas(
    _ first: WritableKeyPath<Value, Double> & Sendable, _ second: WritableKeyPath<Value, Double> & Sendable
  ) -> OptionField {
    .pair(
      "betas", .number(NumberRange(0...1, excludesMaximum: true)), first, second,
      "The shares of the first and the second moment that are kept.")
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

    var cycledMomentum: Double? {
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

    var cycledMomentum: Double? {
      get { beta1 }
      set { beta1 = newValue ?? beta1 }
    }

    fileprivate static let form = OptionForm("adam", "Adam (torch.optim.Adam).", Adam(), fields)
    fileprivate static let decoupledForm = OptionForm(
      "adamw", "Adam with the weight decay apart from the gradient (torch.optim.AdamW).", Adam(weightDecay: 0.01),
      fields)

    private static let fields: [OptionField<Adam>] =
      commonFields + [
        .betas(\.beta1, \.beta2),
        .option("eps", .factor, \.eps, "Added to the root of the second moment."),
        .option("weight_decay", .factor, \.weightDecay, inert: .number(0), "The factor of the weight decay."),
        .option(
          "amsgrad", .boolean, \.amsgrad, title: "AMSGrad", "Whether the largest second moment so far is used."),
      ]
  }
}
