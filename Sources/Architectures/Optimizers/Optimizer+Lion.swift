extension Optimizer {
  /// Lion: steps by the sign of a momentum. Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
  package struct Lion: OptimizerOptions {
    /// The learning rate, which is the size of each step.
    package var learningRate: Double
    /// The share of the momentum in what a step takes the sign of; the gradient has the rest.
    package var beta1: Double
    /// The share of the momentum that is kept.
    package var beta2: Double
    /// The share of each weight that a step takes, times the rate.
    package var weightDecay: Double
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with the defaults of the paper.
    package init(learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0) {
      (self.learningRate, self.beta1, self.beta2, self.weightDecay) = (learningRate, beta1, beta2, weightDecay)
    }

    var cycledMomentum: Double? {
      get { beta1 }
      set { beta1 = newValue ?? beta1 }
    }

    static let form = OptionForm(
      "lion", "Lion: steps by the sign of a momentum (Chen et al. 2023, arXiv:2302.06675; torch.optim has none).",
      Lion(),
      commonFields + [
        .pair(
          "betas", .number(NumberRange(0...1, excludesMaximum: true)), \.beta1, \.beta2,
          "The momentum's share in a step's sign, and the share of it that is kept."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the weight decay, apart from the gradient."),
      ])
  }
}
