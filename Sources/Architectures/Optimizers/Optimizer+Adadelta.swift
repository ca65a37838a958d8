extension Optimizer {
  /// Adadelta: the gradient times the root mean square of the steps over its own. Source: Zeiler 2012, arXiv:1212.5701.
  package struct Adadelta: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of both mean squares that is kept.
    package var rho: Double
    /// Added to the mean squares.
    package var eps: Double
    /// The L2 penalty's factor.
    package var weightDecay: Double
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(learningRate: Double = 1.0, rho: Double = 0.9, eps: Double = 1e-6, weightDecay: Double = 0) {
      (self.learningRate, self.rho, self.eps) = (learningRate, rho, eps)
      self.weightDecay = weightDecay
    }

    static let form = OptionForm(
      "adadelta", "Steps in the units of the parameters (torch.optim.Adadelta).", Adadelta(),
      commonFields + [
        .option("rho", .share, \.rho, "The share of both mean squares that is kept."),
        .option("eps", .factor, \.eps, "Added to the mean squares before the roots."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the L2 penalty."),
      ])
  }
}
