import Architectures
import Presentation

/// Makes a network of a model's description and a data set, and reports what does not fit.
struct NetworkBuilder {
  let log: ErrorLog
  /// Where the model stands in the grid.
  let position: SourcePosition
  /// The configuration's label.
  let label: String

  /// The network, and the number of values between its layers for one example.
  ///
  /// - Returns: `nil` where something was reported.
  func network(
    _ model: ModelDescription, for data: DatasetDescription, _ loss: Loss
  ) -> (Architecture, size: Int)? {
    var architecture: Architecture
    let initialisers: Initialisers?
    var described: [ModelDescription.DescribedLayer] = []
    switch model {
    case .layers(let layers, let given):
      (described, initialisers) = (layers, given)
      architecture = Architecture(input: data.shape, layers: layers.map(\.layer))
    case .family(let family, let options):
      initialisers = Initialisers(options)
      let task = ModelFamily.Task(input: data.shape, classes: data.classes.count, loss: loss)
      do {
        architecture = try family.architecture(options, for: task)
      } catch {
        log.report(position, member: error.option, error.message)
        return nil
      }
    }
    do {
      let resolved = try architecture.resolved()
      for layer in resolved where !agrees(layer, described) { return nil }
      guard isFit(resolved, for: loss, data) else { return nil }
      if let initialisers { architecture = architecture.initialized(initialisers, resolved) }
      return (architecture, resolved.reduce(data.shape.count) { $0 + $1.output.count })
    } catch {
      record(described.node(at: error.place)?.position ?? position, "\(error)")
      return nil
    }
  }

  private func record(_ position: SourcePosition, _ message: String) {
    log.record(position, "\(escaped(label)): \(message)")
  }

  /// Whether what the grid says a layer takes is what it gets.
  private func agrees(_ layer: ResolvedLayer, _ described: [ModelDescription.DescribedLayer]) -> Bool {
    guard let option = layer.layer.kind.type.inputOption, let node = described.node(at: layer.place),
      case .number(let number)? = node[option]?.value.content, let size = number.int, layer.input.dimensions[0] != size
    else { return true }
    record(
      node.position,
      "\(layer.place.titled(layer.title)): \(option) is \(size), and its input [\(layer.input)] has "
        + "\(layer.input.dimensions[0])")
    return false
  }

  /// Whether the output is what the loss compares.
  private func isFit(_ layers: [ResolvedLayer], for loss: Loss, _ data: DatasetDescription) -> Bool {
    guard let last = layers.last else { return false }
    let classes = Shape(data.classes.count)
    if last.output == classes { return true }
    if loss.comparesValues {
      if last.output == data.shape { return true }
      record(
        position,
        "\(last.title): its output is [\(last.output)]; \(loss.name) needs one value for each of the \(classes) "
          + "classes, or the shape of the input [\(data.shape)]")
    } else {
      let hint = last.output.rank > 1 ? "; put a flatten and a linear layer behind it" : ""
      record(
        position,
        "\(last.title): its output is [\(last.output)]; \(loss.name) needs one value for each of the "
          + "\(classes) classes\(hint)")
    }
    return false
  }
}
