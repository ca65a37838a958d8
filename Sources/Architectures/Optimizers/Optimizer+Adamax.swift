extension Optimizer {
  /// Adamax: Adam with an infinity norm. Source: Kingma & Ba 2014, arXiv:1412.6980, section 7.1.
  package struct Adamax: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of the first moment that is kept.
    package var beta1: Double
    /// The factor by which the largest gradient fades.
    package var beta2: Double
    /// Added to the gradient's size.
    package var eps: Double
    /// The L2 penalty's factor.
    package var weightDecay: Double
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 2e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8,
      weightDecay: Double = 0
    ) {
      (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
      (self.eps, self.weightDecay) = (eps, weightDecay)
    }

    var cycledMomentum: Double? {
      get { beta1 }
      set { beta1 = newValue ?? beta1 }
    }

    static let form = OptionForm(
      "adamax", "Adam with the largest gradient in place of the second moment (torch.optim.Adamax).", Adamax(),
      commonFields + [
        .betas(\.beta1, \.beta2),
        .option("eps", .factor, \.eps, "Added to the size of each gradient."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the L2 penalty."),
      ])
  }
}
