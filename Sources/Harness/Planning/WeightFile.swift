import Experiments
import Foundation
import NeuralNetwork
import Presentation
import Training

/// A safetensors file that a user named.
struct WeightFile: Sendable {
  /// SHA-256 of its bytes in hexadecimal.
  let digest: String
  /// Its tensors, in the file's order.
  let tensors: [Tensor]
  let path: String

  /// Reads a file.
  ///
  /// - Throws: ``UsageError`` with the file's name and its error.
  init(_ url: URL) throws {
    path = url.relativePath
    let bytes = try readFile(url)
    digest = ContentDigest.hex(of: bytes)
    if let cure = Self.cure(of: bytes, path) { throw UsageError("\(path): \(cure)") }
    do { tensors = try SafetensorsFile.read(bytes) } catch { throw UsageError("\(path): \(error)") }
  }

  /// What to do with a file of `torch.save`, a zip archive or a pickle; `nil` for any other.
  private static func cure(of bytes: [UInt8], _ path: String) -> String? {
    // The length that a safetensors file begins with may have the same two bytes; then a brace follows it.
    let isPickle = bytes.starts(with: [0x80]) && (2...5).contains(bytes.dropFirst().first ?? 0) && !isSafetensors(bytes)
    guard bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) || isPickle else { return nil }
    let target = URL(filePath: path).deletingPathExtension().relativePath + ".safetensors"
    let lines = [
      "is a file of torch.save, which is not read here; convert its state_dict to safetensors in Python, and name the new "
        + "file:", "import torch, safetensors.torch",
      "state = torch.load(\(quoted(path, limit: 4_096)), map_location=\"cpu\", weights_only=True)",
      "safetensors.torch.save_file({name: value.contiguous() for name, value in state.items()}, "
        + "\(quoted(target, limit: 4_096)))",
    ]
    return lines.joined(separator: "\n  ")
  }

  /// Whether the header that the first bytes tell of is there.
  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[8] == UInt8(ascii: "{")
  }

  /// Gives a network the file's values.
  ///
  /// - Parameter strict: whether both must have the same tensors; else those are taken whose names both have.
  /// - Throws: ``UsageError`` with every tensor that does not fit.
  func load(into network: Network, strict: Bool = true) throws {
    do {
      try network.load(tensors, strict: strict)
    } catch {
      let errors = "\(error)".split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      throw UsageError("\(path): does not fit the network:\n\(errors)")
    }
  }

  /// What a file and a network have in common.
  struct Share: Hashable {
    /// Tensors that are taken, and all of the network's.
    var taken, all: Int
    /// The names that only the network has, which keep what was drawn, and those that only the file has.
    var drawn, unknown: [String]

    /// `4 of 6 tensors are taken; 4.weight, 4.bias stay as drawn; fc.weight is not in the network`
    var text: String {
      let one = taken == 1 ? "is" : "are"
      return "\(taken) of \(counted(all, "tensor")) \(one) taken"
        + (drawn.isEmpty ? "" : "; as drawn: \(Self.listed(drawn))")
        + (unknown.isEmpty ? "" : "; in the file alone: \(Self.listed(unknown))")
    }

    /// The first of the names.
    private static func listed(_ names: [String]) -> String {
      let most = 8
      let shown = names.prefix(most).map { PlainText.shortened($0, to: 60) }.joined(separator: ", ")
      return names.count > most ? "\(shown) and \(names.count - most) more" : shown
    }
  }

  /// What a network takes of the file.
  ///
  /// - Throws: ``UsageError`` where that is nothing.
  func share(in network: Network) throws -> Share {
    let (own, given) = (network.tensors.map(\.name), tensors.map(\.name))
    let (known, found) = (Set(own), Set(given))
    let share = Share(
      taken: own.count(where: found.contains), all: own.count, drawn: own.filter { !found.contains($0) },
      unknown: given.filter { !known.contains($0) })
    guard share.taken > 0 else {
      throw UsageError(
        "\(path): no tensor of it has the name of one in the network, so that nothing would be taken; the file has "
          + "\(quoted(given.first ?? "none")) …, the network \(quoted(own.first ?? "none")) …; rename the file's tensors, or leave "
          + "initial_weights out")
    }
    return share
  }

  /// Sees that a training can start from the file.
  ///
  /// - Throws: ``UsageError`` with the first tensor that holds NaN or infinity.
  func checkNumbers() throws {
    for tensor in tensors {
      guard let index = tensor.values.firstIndex(where: { !$0.isFinite }) else { continue }
      throw UsageError(
        "\(path): \(tensor.name) holds \(tensor.values[index]) at index \(index); a training starts from numbers, so "
          + "take the weights of one that did not diverge")
    }
  }
}

extension Network {
  /// The network of a configuration, for inspection and not for training.
  convenience init(of configuration: Configuration, dataset: DatasetDescription) throws {
    try self.init(
      configuration.architecture, batchSize: 1, evaluationBatchSize: configuration.evaluationBatch(of: dataset),
      loss: configuration.loss, target: configuration.target(in: dataset),
      optimizer: .sgd(.init(learningRate: 0)))
  }
}
