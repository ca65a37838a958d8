extension Optimizer {
  /// RAdam: rectified Adam. Source: Liu et al. 2019, arXiv:1908.03265.
  package struct RAdam: OptimizerOptions {
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
    /// Whether the weight decay is apart from the gradient, as AdamW's.
    package var decoupledWeightDecay: Bool
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8,
      weightDecay: Double = 0, decoupledWeightDecay: Bool = false
    ) {
      (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
      (self.eps, self.weightDecay, self.decoupledWeightDecay) = (eps, weightDecay, decoupledWeightDecay)
    }

    var cycledMomentum: Double? {
      get { beta1 }
      set { beta1 = newValue ?? beta1 }
    }

    static let form = OptionForm(
      "radam", "Adam that waits until its second moment is known well enough (torch.optim.RAdam).", RAdam(),
      commonFields + [
        .betas(\.beta1, \.beta2),
        .option("eps", .factor, \.eps, "Added to the root of the second moment."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the weight decay."),
        .option(
          "decoupled_weight_decay", .boolean, \.decoupledWeightDecay,
          "Whether the weight decay is apart from the gradient, as AdamW's."),
      ])
  }
}
