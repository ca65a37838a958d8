extension Optimizer {
  /// RMSprop: the gradient over its root mean square. Source: Tieleman & Hinton 2012; the centered form: Graves 2013,
  /// arXiv:1308.0850.
  package struct RMSprop: OptimizerOptions {
    /// The learning rate.
    package var learningRate: Double
    /// The share of the mean square that is kept.
    package var alpha: Double
    /// Added to the root of the mean square.
    package var eps: Double
    /// The L2 penalty's factor.
    package var weightDecay: Double
    /// The share of the last step that is kept.
    package var momentum: Double
    /// Whether the gradient is divided by its standard deviation.
    package var centered: Bool
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8, weightDecay: Double = 0,
      momentum: Double = 0, centered: Bool = false
    ) {
      (self.learningRate, self.alpha, self.eps) = (learningRate, alpha, eps)
      (self.weightDecay, self.momentum, self.centered) = (weightDecay, momentum, centered)
    }

    var cycledMomentum: Double? {
      get { momentum }
      set { momentum = newValue ?? momentum }
    }

    static let form = OptionForm(
      "rmsprop", "The gradient over its root mean square (torch.optim.RMSprop).", RMSprop(),
      commonFields + [
        .option("alpha", .share, \.alpha, "The share of the mean square that is kept."),
        .option("eps", .factor, \.eps, "Added to the root of the mean square."),
        .option("weight_decay", .factor, \.weightDecay, "The factor of the L2 penalty."),
        .option("momentum", .factor, \.momentum, "The share of the last step that is kept."),
        .option(
          "centered", .boolean, \.centered,
          "Whether the gradient is divided by its standard deviation, the mean taken off."),
      ])
  }
}
