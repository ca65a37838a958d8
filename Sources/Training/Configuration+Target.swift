import Architectures
import Experiments
import NeuralNetwork

extension Configuration {
  /// What the network's output is held against.
  package func target(in dataset: DatasetDescription) -> Target {
    let output = try? architecture.resolved().last?.output
    return loss == .mse && output == architecture.input && output != Shape(dataset.classes.count)
      ? .input : .classes(dataset.classes.count)
  }
}
