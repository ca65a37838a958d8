import Architectures
import Kernels

extension Network {
  /// Trains on one batch: forward, loss, backward, one step of the optimizer. Allocates nothing.
  ///
  /// - Parameters:
  ///   - indices: which examples, at least one and at most ``batchSize``.
  ///   - generator: where dropout's masks are drawn from.
  ///   - profile: what is told how long each part took.
  /// - Returns: The mean loss of the batch before the step; not finite where training diverged.
  package func trainStep(
    _ examples: Examples, indices: UnsafeBufferPointer<Int32>, generator: Generator, profile: StepProfile? = nil
  ) -> Float {
    let context = context(indices.count, isTraining: true, generator, profile: profile)
    precondition(
      (1...batchSize).contains(context.count), "a batch has 1 to \(batchSize) examples, not \(context.count)")
    let input = memory.workspace + inputOffset
    if !paddingIsClear { clearBorders(input) }
    profile?.begin()
    gather(examples, indices, into: input)
    profile?.end(.gather)
    let output = chain.forward(context, input)
    let offsets = memory.gradientOffsets
    let gradients = (memory.workspace + offsets.0, memory.workspace + offsets.1)
    precondition(examples.shares == nil || context.count == examples.count, "a mixed batch is trained on as a whole")
    let loss = lossSum(
      output, context.count, shares: examples.shares,
      gradient: chain.modules.count % 2 == 0 ? gradients.0 : gradients.1, input)
    profile?.end(.loss)
    if chain.lowestTrainable != nil {
      // Nobody asks for the gradient of the images.
      var none: GradientSum?
      chain.backward(context, input, buffers: gradients, into: &none)
      optimizerState.step(memory, team)
      profile?.end(.optimizer)
    }
    return Float(loss.sum / loss.weight)
  }

  private func clearBorders(_ input: UnsafeMutablePointer<Float>) {
    clearPadding(inputLayout, count: batchSize, input)
    chain.clearBorders(context(batchSize, isTraining: true, nil))
    paddingIsClear = true
  }

  /// Gathers images into a batch, and their labels where there are some.
  func gather(_ examples: Examples, _ indices: UnsafeBufferPointer<Int32>, into batch: UnsafeMutablePointer<Float>) {
    precondition(examples.shape.count == inputShape.count, "images of \(examples.shape), not \(inputShape)")
    guard let first = indices.baseAddress else { return }
    for index in indices { precondition(index >= 0 && index < examples.count, "no example \(index)") }
    let inputLayout = layout(of: examples.shape)
    switch examples.pixels {
    case .bytes(let bytes, let table, let channels):
      precondition(
        inputLayout.valueCount % (channels * inputLayout.width) == 0, "\(channels) channels in \(inputShape)")
      gatherBytes(
        inputLayout, images: bytes, table: table, tableChannels: channels, indices: first, count: indices.count,
        into: batch)
    case .floats(let floats):
      gatherFloats(inputLayout, images: floats, indices: first, count: indices.count, into: batch)
    }
    guard case .classes(let classes) = target, let labels = examples.labels else { return }
    for (position, index) in indices.enumerated() {
      let label = Int32(labels[Int(index)])
      precondition(label < classes, "label \(label) of example \(index) is not one of \(classes) classes")
      memory.labels[position] = label
    }
  }

  /// Where the values of an image of this shape go: an image that is taken as the sequence of its rows lies in memory as
  /// the image does.
  private func layout(of shape: Shape) -> ImageLayout {
    guard shape.rank == 3, inputShape.rank == 2, inputShape == shape.rowSequence else { return inputLayout }
    return ImageLayout(
      channels: shape.dimensions[0], height: shape.dimensions[1], width: shape.dimensions[2], top: inputLayout.left,
      bottom: inputLayout.right)
  }

  /// The sum of the losses of a batch and of what its examples weigh, which is their number where classes have no weights
  /// or were mixed, and the gradient of the mean where it is asked for.
  func lossSum(
    _ output: UnsafeMutablePointer<Float>, _ count: Int, shares: UnsafePointer<Float>? = nil,
    gradient: UnsafeMutablePointer<Float>?, _ input: UnsafeMutablePointer<Float>
  ) -> (sum: Double, weight: Double) {
    guard case .classes(let classes) = target else {
      // What the last module gives may be a row of values, which lies in memory as the images do that it stands for.
      let sum = imageError(
        loss.valueError, count: count, output: Stage.layout(of: inputShape), values: output, target: inputLayout,
        targets: input, gradient: gradient)
      return (sum, Double(count))
    }
    let labels = UnsafePointer(memory.labels)
    switch loss.kind {
    case .crossEntropy, .nll:
      return classWeights.withUnsafeBufferPointer { buffer in
        let weights = ClassWeights(
          buffer.isEmpty ? nil : buffer.baseAddress, smoothing: loss.kind == .nll ? 0 : loss.labelSmoothing)
        if let shares {
          precondition(loss.kind == .crossEntropy, "\(loss.name) compares with one class")
          let sum = crossEntropy(
            rows: count, classes: classes, logits: output, shares: shares, weights: weights, gradient: gradient)
          return (sum, Double(count))
        }
        let sum =
          loss.kind == .nll
          ? negativeLogLikelihood(
            rows: count, classes: classes, logProbabilities: output, labels: labels, weights: weights,
            gradient: gradient)
          : crossEntropy(
            rows: count, classes: classes, logits: output, labels: labels, weights: weights, gradient: gradient)
        return (sum, Double(weights.sum(rows: count, labels: labels)))
      }
    case .mse, .l1, .smoothL1, .bceWithLogits:
      let sum = oneHotError(
        loss.valueError, rows: count, classes: classes, values: output, labels: labels, shares: shares,
        gradient: gradient)
      return (sum, Double(count))
    }
  }
}

extension Loss {
  /// How the loss compares values; a network that compares classes does not ask.
  fileprivate var valueError: ValueError {
    switch kind {
    case .l1: .absolute
    case .smoothL1: beta == 0 ? .absolute : .smooth(beta: Float(beta))
    case .bceWithLogits: .logistic
    case .mse, .crossEntropy, .nll: .squared
    }
  }
}
