extension Optimizer {
  /// NAdam: Adam with Nesterov's momentum. Source: Dozat 2016, "Incorporating Nesterov Momentum into Adam".
  package struct NAdam: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of the first moment that is kept.
    package var beta1: Double
    /// The share of the second moment that is kept.
    package var beta2: Double
    /// Added to the root of the second moment.
    package var eps: Double
    /// The L2 penalty's factor, or, decoupled, the share of each weight that a step takes, times the rate.
    package var weightDecay: Double
    /// How fast the momentum nears its final value.
    package var momentumDecay: Double
    /// Whether the weight decay is apart from the gradient, as AdamW's.
    package var decoupledWeightDecay: Bool
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8,
      weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false
    ) {
      (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
      (self.eps, self.weightDecay, self.momentumDecay) = (eps, weightDecay, momentumDecay)
      self.decoupledWeightDecay = decoupledWeightDecay
    }

    static let form = OptionForm(
      "nadam", "Adam with Nesterov's momentum (torch.optim.NAdam).", NAdam(),
      commonFields + [
        .betas(\.beta1, \.beta2),
        .option("eps", .factor, \.eps, "Added to the root of the second moment."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the weight decay."),
        .option("momentum_decay", .factor, \.momentumDecay, "How fast the momentum nears its final value."),
        .option(
          "decoupled_weight_decay", .boolean, \.decoupledWeightDecay,
          "Whether the weight decay is apart from the gradient, as AdamW's."),
      ])
  }
}
