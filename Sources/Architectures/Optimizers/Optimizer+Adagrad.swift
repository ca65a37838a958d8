extension Optimizer {
  /// Adagrad: the gradient over the root of the sum of its squares so far. Source: Duchi, Hazan & Singer 2011.
  package struct Adagrad: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// How much each step adds to what the rate is divided by.
    package var learningRateDecay: Double
    /// The L2 penalty's factor.
    package var weightDecay: Double
    /// What the sum of squares begins with.
    package var initialAccumulatorValue: Double
    /// Added to the root of the sum of squares.
    package var eps: Double
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
      initialAccumulatorValue: Double = 0, eps: Double = 1e-10
    ) {
      (self.learningRate, self.learningRateDecay, self.weightDecay) = (learningRate, learningRateDecay, weightDecay)
      (self.initialAccumulatorValue, self.eps) = (initialAccumulatorValue, eps)
    }

    static let form = OptionForm(
      "adagrad", "The gradient over the root of the sum of its squares so far (torch.optim.Adagrad).", Adagrad(),
      commonFields + [
        .option(
          "lr_decay", .factor, \.learningRateDecay, title: "learning rate decay",
          "The rate of step t is lr / (1 + (t − 1) · lr_decay)."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the L2 penalty."),
        .option(
          "initial_accumulator_value", .factor, \.initialAccumulatorValue, "What the sum of squares begins with."),
        .option("eps", .factor, \.eps, "Added to the root of the sum of squares."),
      ])
  }
}
