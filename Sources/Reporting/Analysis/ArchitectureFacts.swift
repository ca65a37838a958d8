import Architectures
import Experiments
import Presentation

extension Architecture {
  /// The chain as tutorials draw it, `INPUT → CONV → RELU → POOL → FC`, and the options that its layers agree on.
  var facts: [Fact] {
    var facts = [Fact(name: "Network", value: chain), Fact(name: "Input", value: input.description)]
    func add(_ name: String, _ values: [String]) {
      guard !values.isEmpty else { return }
      let isOne = Set(values).count == 1
      facts.append(Fact(name: name, value: isOne ? values[0] : values.joined(separator: ", ")))
    }
    let layers = everyLayer
    let convolutions = layers.compactMap { $0.kind as? Convolution }
    let channels = convolutions.map { "\($0.outChannels)" }
    if !channels.isEmpty { facts.append(Fact(name: "Channels", value: channels.joined(separator: ", "))) }
    add("Kernel", convolutions.map { $0.rank == .two ? $0.kernelSize.sides : "\($0.kernelSize.width)" })
    add("Stride", convolutions.map(\.stride.text))
    add("Padding", convolutions.map(\.paddingText))
    if convolutions.contains(where: { $0.dilation != Extent(1) }) {
      add("Dilation", convolutions.map(\.dilation.text))
    }
    add("Pooling", layers.compactMap(\.kind.poolingText))
    let widths = layers.compactMap { $0.kind as? Linear }.map { NumberText.count($0.outFeatures) }
    if !widths.isEmpty { facts.append(Fact(name: "Fully connected", value: widths.joined(separator: " → "))) }
    return facts
  }

  /// The kinds of layers in order; flattening goes without saying.
  private var chain: String {
    ["INPUT", layers.diagram].filter { !$0.isEmpty }.joined(separator: " → ")
  }
}

extension LayerKind {
  fileprivate var poolingText: String? {
    switch self {
    case let pooling as MaxPooling: window("max", pooling.kernelSize, pooling.stride)
    case let pooling as AveragePooling: window("average", pooling.kernelSize, pooling.stride)
    case is AdaptiveAveragePooling: "adaptive average"
    default: nil
    }
  }

  private func window(_ kind: String, _ size: Extent, _ stride: Extent) -> String {
    size == stride ? "\(kind) \(size.sides)" : "\(kind) \(size.sides), stride \(stride.text)"
  }
}

extension Extent {
  fileprivate var sides: String { "\(height) × \(width)" }
}

extension Convolution {
  fileprivate var paddingText: String {
    switch padding {
    case .same: "same"
    case .explicit(let extent): extent == Extent(0) ? "valid" : extent.text
    }
  }
}
