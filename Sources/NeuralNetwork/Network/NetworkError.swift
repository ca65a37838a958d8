import Architectures

/// Why a network can't be compiled, or can't take what it is given.
package enum NetworkError: Error, Hashable, CustomStringConvertible {
  /// A layer does not fit what comes before it.
  case shape(ArchitectureError)
  /// The loss wants one output per class, and the network's last layer gives something else.
  case outputIsNotClasses(loss: Loss, output: Shape, classes: Int)
  /// Reconstruction wants an output of the input's shape.
  case outputIsNotInput(output: Shape, input: Shape)
  /// The loss needs classes and can't be taken against the input.
  case lossNeedsClasses(Loss)
  /// Tensors that do not fit the network, each with its reason.
  case tensors([TensorError])
  /// A snapshot of another network, or damaged.
  case foreignSnapshot
  /// The system has not the memory that the network takes.
  case memoryRefused(bytes: Int)

  /// What is wrong and what would be right.
  package var description: String {
    switch self {
    case .shape(let error): error.description
    case .outputIsNotClasses(let loss, let output, let classes):
      "loss \"\(loss.name)\" needs one output per class, [\(classes)]; the last layer gives [\(output)]"
    case .outputIsNotInput(let output, let input):
      "reconstruction needs an output of the input's shape [\(input)]; the last layer gives [\(output)]"
    case .lossNeedsClasses(let loss):
      "loss \"\(loss.name)\" needs classes; a reconstruction takes \"mse\""
    case .tensors(let errors): errors.map(\.description).joined(separator: "\n")
    case .foreignSnapshot: "the checkpoint is of another network or damaged"
    case .memoryRefused(let bytes):
      "the system gave no memory for the network, which takes \(bytes) bytes; make training.batch_size smaller, run fewer "
        + "trials at the same time with --jobs, or allow the process more"
    }
  }
}

/// A tensor that does not fit a network.
package enum TensorError: Hashable, Sendable, CustomStringConvertible {
  /// Missing from the given tensors.
  case missing(name: String, shape: [Int])
  /// What was given has it, the network has not.
  case unexpected(name: String)
  /// Both have it, in different shapes.
  case shape(name: String, found: [Int], expected: [Int])
  /// It was given more than once.
  case duplicate(name: String)

  /// The tensor's name and what is wrong with it.
  package var description: String {
    switch self {
    case .missing(let name, let shape): "\(name) \(shape) is missing"
    case .unexpected(let name): "\(name) is not in this network"
    case .shape(let name, let found, let expected): "\(name) has shape \(found), this network needs \(expected)"
    case .duplicate(let name): "\(name) is there more than once"
    }
  }
}
