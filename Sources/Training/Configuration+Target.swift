import Experiments
import NeuralNetwork

extension Configuration {
  /// Whether the network is held against its own input: `mse` where the output has the input's shape.
  func isReconstruction(of dataset: DatasetDescription) -> Bool { target(in: dataset) == .input }

  /// What the network's output is held against.
  func target(in dataset: DatasetDescription) -> Target {
    guard loss == .mse, let output = try? architecture.resolved().last?.output, output == architecture.input else {
      return .classes(dataset.classes.count)
    }
    return .input
  }
}
