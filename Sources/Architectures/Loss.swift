/// How a network's output is compared with its target.
package enum Loss: String, Hashable, Sendable, CaseIterable {
  /// Cross entropy of logits against classes, mean over the batch, in nats (`nn.CrossEntropyLoss`).
  case crossEntropy = "cross_entropy"
  /// Negative log-likelihood of log-probabilities against classes, mean over the batch (`nn.NLLLoss`).
  case nll
  /// Mean squared error over all outputs (`nn.MSELoss`): against one-hot labels where the output has one value per
  /// class, against the input where it has the input's shape.
  case mse
}
