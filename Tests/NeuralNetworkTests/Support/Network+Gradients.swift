import Architectures
import Kernels

@testable import NeuralNetwork

/// What a network computes and differentiates for one batch.
struct Differentiated {
  var output: [Float]
  var gradInput: [Float]
  /// By the tensor's name, in PyTorch's layout.
  var gradients: [String: [Float]]
}

extension Network {
  /// Runs one batch forward in training mode and the gradient of Σ output · direction back to the input.
  func differentiate(_ input: [Float], count: Int, direction: [Float], generator: Generator) -> Differentiated {
    let context = context(count, isTraining: true, generator)
    let modules = chain.modules
    let layouts = [inputLayout] + modules.map(\.output)
    let values = layouts.map { Floats($0.exampleStride * count + 64) }
    let gradients = layouts.map { Floats($0.exampleStride * count + 64, filledWith: 7) }
    values[0].pack(input, inputLayout, count)
    for (index, module) in modules.enumerated() {
      module.forward(context, values[index].base, into: values[index + 1].base)
    }
    gradients[modules.count].pack(direction, layouts[modules.count], count)
    for (index, module) in modules.enumerated().reversed() {
      module.backward(
        context, values[index].base, result: values[index + 1].base, gradOutput: gradients[index + 1].base,
        gradInput: gradients[index].base)
    }
    var byName: [String: [Float]] = [:]
    for slot in slots where slot.kind == .parameter(trainable: true) {
      let base = memory.gradients + slot.offset
      byName[slot.description.name] = (0..<slot.description.count).map { base[slot.order.position(of: $0)] }
    }
    return Differentiated(
      output: values[modules.count].unpacked(layouts[modules.count], count),
      gradInput: gradients[0].unpacked(inputLayout, count), gradients: byName)
  }
}

/// Memory for floats that lives as long as the value. Gradients begin with garbage, so that what is not written shows.
final class Floats {
  let base: UnsafeMutablePointer<Float>

  init(_ count: Int, filledWith value: Float = 0) {
    base = .allocate(capacity: count)
    base.initialize(repeating: value, count: count)
  }

  deinit { base.deallocate() }

  func pack(_ values: [Float], _ layout: ImageLayout, _ count: Int) {
    for (index, value) in values.enumerated() {
      let (example, inner) = index.quotientAndRemainder(dividingBy: layout.valueCount)
      base[example * layout.exampleStride + layout.position(of: inner)] = value
    }
  }

  func unpacked(_ layout: ImageLayout, _ count: Int) -> [Float] {
    (0..<count * layout.valueCount).map { index in
      let (example, inner) = index.quotientAndRemainder(dividingBy: layout.valueCount)
      return base[example * layout.exampleStride + layout.position(of: inner)]
    }
  }
}

extension Network {
  /// A network for tests that look at outputs and gradients: no loss of its own that the output must fit.
  convenience init(_ architecture: Architecture, batchSize: Int, optimizer: Optimizer = .sgd(.init())) throws {
    let flat = Architecture(
      input: architecture.input,
      layers: architecture.layers + [Layer(Flatten())])
    let count = try flat.resolved().last?.output.count ?? 0
    try self.init(flat, batchSize: batchSize, loss: .mse, target: .classes(count), optimizer: optimizer)
  }
}
