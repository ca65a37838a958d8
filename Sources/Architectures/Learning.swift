/// What a network's output is held against.
public enum Loss: String, Hashable, Sendable, CaseIterable {
  /// Cross entropy of logits against classes, mean over the batch, in nats (`nn.CrossEntropyLoss`).
  case crossEntropy = "cross_entropy"
  /// Negative log-likelihood of log-probabilities against classes, mean over the batch (`nn.NLLLoss`).
  case nll
  /// Mean squared error over all outputs (`nn.MSELoss`): against one-hot labels where the output has one value a
  /// class, against the input where it has the input's shape.
  case mse
}

/// How parameters follow their gradients. Options and defaults are those of PyTorch's optimizer of the same name.
public enum Optimizer: Hashable, Sendable {
  /// `torch.optim.SGD`
  case sgd(SGD)
  /// `torch.optim.Adam`
  case adam(Adam)
  /// `torch.optim.AdamW`: as Adam, the weight decay apart from the gradient.
  case adamW(Adam)

  /// Stochastic gradient descent.
  public struct SGD: Hashable, Sendable {
    /// The learning rate.
    public var learningRate: Double
    /// The share of the last step that is kept.
    public var momentum: Double
    /// The share of the momentum that a new gradient loses.
    public var dampening: Double
    /// The L2 penalty's factor.
    public var weightDecay: Double
    /// Whether the gradient is taken one step ahead.
    public var nesterov: Bool

    /// Creates the options with PyTorch's defaults.
    public init(
      learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
      nesterov: Bool = false
    ) {
      (self.learningRate, self.momentum, self.dampening) = (learningRate, momentum, dampening)
      (self.weightDecay, self.nesterov) = (weightDecay, nesterov)
    }
  }

  /// Adam. Source: Kingma & Ba 2014, arXiv:1412.6980; AdamW: Loshchilov & Hutter 2017, arXiv:1711.05101.
  public struct Adam: Hashable, Sendable {
    /// The learning rate.
    public var learningRate: Double
    /// The share of the first moment that is kept.
    public var beta1: Double
    /// The share of the second moment that is kept.
    public var beta2: Double
    /// Added to the root of the second moment.
    public var eps: Double
    /// The L2 penalty's factor (Adam), or the share of each weight that a step takes, times the rate (AdamW).
    public var weightDecay: Double
    /// Whether the largest second moment so far is used.
    public var amsgrad: Bool

    /// Creates the options; PyTorch's default weight decay is 0 for Adam and 0.01 for AdamW.
    public init(
      learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999, eps: Double = 1e-8,
      weightDecay: Double = 0, amsgrad: Bool = false
    ) {
      (self.learningRate, self.beta1, self.beta2) = (learningRate, beta1, beta2)
      (self.eps, self.weightDecay, self.amsgrad) = (eps, weightDecay, amsgrad)
    }
  }

  /// The learning rate, whatever the optimizer.
  public var learningRate: Double {
    switch self {
    case .sgd(let options): options.learningRate
    case .adam(let options), .adamW(let options): options.learningRate
    }
  }
}
