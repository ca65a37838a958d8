extension Optimizer {
  /// Rprop: each parameter has a step size of its own, which grows while its gradient keeps its sign. Source: Riedmiller &
  /// Braun 1993.
  package struct Rprop: OptimizerOptions {
    /// The learning rate; the size of the first steps.
    package var learningRate: Double
    /// The factor of a step size after the gradient has changed its sign.
    package var etaMinus: Double
    /// The factor of a step size after the gradient has kept its sign.
    package var etaPlus: Double
    /// The smallest step size.
    package var smallestStep: Double
    /// The largest step size.
    package var largestStep: Double
    /// How the learning rate changes; `nil` keeps it.
    package var scheduler: Scheduler?

    /// Creates the options with PyTorch's defaults.
    package init(
      learningRate: Double = 1e-2, etaMinus: Double = 0.5, etaPlus: Double = 1.2, smallestStep: Double = 1e-6,
      largestStep: Double = 50
    ) {
      (self.learningRate, self.etaMinus, self.etaPlus) = (learningRate, etaMinus, etaPlus)
      (self.smallestStep, self.largestStep) = (smallestStep, largestStep)
    }

    static let form = OptionForm(
      "rprop",
      "Steps that follow the gradient's sign alone (torch.optim.Rprop); meant for whole data sets as one batch.",
      Rprop(),
      commonFields + [
        .pair(
          "etas", .number(NumberRange(0...1_000_000, excludesMinimum: true)), \.etaMinus, \.etaPlus,
          "The factors of a step size after a change of sign, below 1, and after none, above 1."),
        .pair("step_sizes", .factor, \.smallestStep, \.largestStep, "The smallest and the largest step size."),
      ])

    func checked() throws(OptionError) -> Rprop {
      guard etaMinus >= 1 || etaPlus <= 1 else { return self }
      throw OptionError(
        option: "etas", "is [\(etaMinus), \(etaPlus)]; expected a factor below 1, then one above 1, such as [0.5, 1.2]")
    }
  }
}
