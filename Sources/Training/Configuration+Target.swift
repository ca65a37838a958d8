import Experiments
import NeuralNetwork

extension Configuration {
  /// What the network's output is held against.
  public func target(in dataset: DatasetDescription) -> Target {
    guard loss == .mse, let output = try? architecture.resolved().last?.output, output == architecture.input else {
      return .classes(dataset.classes.count)
    }
    return .input
  }
}
