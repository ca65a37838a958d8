import Architectures
import Kernels

extension Network {
  /// Adds up loss and correct guesses over a range of examples, in evaluation mode.
  ///
  /// - Parameters:
  ///   - answers: what the answers are added to, example after example; `nil` keeps none.
  ///   - tally: what scores beside loss and accuracy are made of; `nil` where nobody asks for one.
  package func evaluate(
    _ examples: Examples, range: Range<Int>, answers: inout Answers?, tally: inout ScoreTally?
  ) -> EvaluationSums {
    var sums = EvaluationSums()
    forEachBatch(examples, range) { count, output in
      let loss = lossSum(output, count, gradient: nil, memory.workspace)
      sums.lossSum += loss.sum
      sums.weight += loss.weight
      sums.count += count
      guard case .classes(let classes) = target else { return }
      largestIndices(rows: count, classes: classes, output, into: memory.guesses)
      for index in 0..<count {
        let (truth, guess) = (Int(memory.labels[index]), Int(memory.guesses[index]))
        if truth == guess { sums.correct += 1 }
        answers?.add(truth: truth, guess: guess)
        tally?.add(truth: truth, guess: guess, output + index * classes)
      }
    }
    return sums
  }

  /// Adds up loss and correct guesses over a range of examples, in evaluation mode.
  package func evaluate(_ examples: Examples, range: Range<Int>) -> EvaluationSums {
    var answers: Answers?
    return evaluate(examples, range: range, answers: &answers)
  }

  /// Adds up loss and correct guesses over a range of examples, in evaluation mode, and adds to `answers`.
  package func evaluate(_ examples: Examples, range: Range<Int>, answers: inout Answers?) -> EvaluationSums {
    var tally: ScoreTally?
    return evaluate(examples, range: range, answers: &answers, tally: &tally)
  }

  /// The network's outputs for a range of examples, one example after another, in PyTorch's order.
  package func outputs(_ examples: Examples, range: Range<Int>) -> [Float] {
    let layout = chain.output
    var values = [Float](repeating: 0, count: range.count * layout.valueCount)
    var done = 0
    forEachBatch(examples, range) { count, output in
      values.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unpack(layout, count: count, output, into: base + done * layout.valueCount)
      }
      done += count
    }
    return values
  }

  /// What every layer makes of one example: its title, the shape of its output and the values in PyTorch's order; layers
  /// inside a nested one come before it.
  package func activations(
    _ examples: Examples, index: Int
  ) -> [(title: String, shape: Shape, values: [Float])] {
    precondition((0..<examples.count).contains(index), "no example \(index)")
    if chain.isFused { return unfused.activations(examples, index: index) }
    var outputs: [Int?: [Float]] = [:]
    func keep(_ module: Int?, _ layout: ImageLayout, _ values: UnsafePointer<Float>) {
      outputs[module] = [Float](unsafeUninitializedCapacity: layout.valueCount) { buffer, count in
        if let base = buffer.baseAddress { unpack(layout, count: 1, values, into: base) }
        count = layout.valueCount
      }
    }
    forEachBatch(examples, index..<index + 1, keep: keep) { _, _ in }
    return chain.sources(input: nil).map { ($0.title, $0.output, outputs[$1] ?? []) }
  }

  /// A network with the same parameters and a module for every layer.
  private var unfused: Network {
    // What could be compiled once can be compiled again.
    guard
      let network = try? Network(
        architecture, batchSize: 1, evaluationBatchSize: 1, loss: loss, target: target, optimizer: .sgd(.init()),
        fuses: false)
    else { preconditionFailure("a network that was compiled can be compiled layer by layer") }
    network.memory.parameters.update(from: scoredParameters, count: memory.parameterCount)
    network.memory.buffers.update(from: memory.buffers, count: memory.bufferCount)
    return network
  }

  /// Runs the network over a range of examples, in batches; `keep` is shown every tensor with its module's number.
  private func forEachBatch(
    _ examples: Examples, _ range: Range<Int>, keep: ((Int?, ImageLayout, UnsafePointer<Float>) -> Void)? = nil,
    _ body: (Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= examples.count, "no examples \(range)")
    paddingIsClear = false
    var start = range.lowerBound
    while start < range.upperBound {
      let count = min(evaluationBatchSize, range.upperBound - start)
      for index in 0..<count { memory.indices[index] = Int32(start + index) }
      body(count, forward(examples, UnsafeBufferPointer(start: memory.indices, count: count), keep))
      start += count
    }
  }

  private func forward(
    _ examples: Examples, _ indices: UnsafeBufferPointer<Int32>,
    _ keep: ((Int?, ImageLayout, UnsafePointer<Float>) -> Void)?
  ) -> UnsafeMutablePointer<Float> {
    let context = context(indices.count, isTraining: false, nil, observe: keep)
    let (workspace, offsets) = (memory.workspace, memory.evaluationOffsets)
    clearPadding(inputLayout, count: context.count, workspace)
    gather(examples, indices, into: workspace)
    keep?(nil, inputLayout, workspace)
    return chain.evaluate(context, workspace, buffers: (workspace + offsets.0, workspace + offsets.1))
  }
}
