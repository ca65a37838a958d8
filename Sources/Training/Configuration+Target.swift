import Architectures
import Experiments
import NeuralNetwork

extension Configuration {
  /// The target that the loss compares the network's output with.
  package func target(in dataset: DatasetDescription) -> Target {
    let output = try? architecture.resolved().last?.output
    return loss.comparesValues && output == architecture.input && output != Shape(dataset.classes.count)
      ? .input : .classes(dataset.classes.count)
  }
}
