import Architectures

/// The batches of a data set whose training examples are changed at random each time they are used.
///
/// The draws are those of a `DataLoader` without worker processes over
/// `Compose([ToTensor(), *transform, *augment, Normalize(mean, std)])`: example after example in the batch's order, when the
/// batch is fetched.
package final class AugmentedBatch {
  /// The shape of one image.
  package let shape: Shape
  /// The images of the last batch, one after another, each in the order `[C, H, W]`, normalised.
  package var pixels: UnsafePointer<Float> { UnsafePointer(images) }
  /// Their classes.
  package var labels: UnsafePointer<UInt8> { UnsafePointer(classes) }

  private let source: ExampleSet
  private let chain: TransformChain
  private let channels: [ChannelNormalization]
  private let images: UnsafeMutablePointer<Float>
  private let classes: UnsafeMutablePointer<UInt8>
  private let capacity: Int

  /// Prepares batches of up to so many examples; `nil` where the data set's examples are taken as they are.
  package init?(of dataset: Dataset, batchSize: Int) {
    guard !dataset.augment.isEmpty else { return nil }
    (source, shape, channels) = (dataset.train, dataset.train.shape, dataset.normalization)
    chain = TransformChain(dataset.augment, shape: shape)
    capacity = batchSize
    images = .allocate(capacity: batchSize * shape.count)
    classes = .allocate(capacity: batchSize)
  }

  deinit {
    images.deallocate()
    classes.deallocate()
  }

  /// Bytes of memory for batches of so many examples.
  package static func byteCount(shape: Shape, batchSize: Int) -> Int {
    batchSize * (shape.count * MemoryLayout<Float>.stride + 1)
  }

  /// Makes a batch of examples.
  package func fetch(_ indices: UnsafeBufferPointer<Int32>, _ draws: any TransformDraws) {
    precondition(indices.count <= capacity, "a batch of \(indices.count), at most \(capacity)")
    let plane = shape.count / channels.count
    for (position, index) in indices.enumerated() {
      let values = chain.apply(to: source, at: Int(index), draws)
      let image = images + position * shape.count
      for (channel, normalization) in channels.enumerated() {
        normalization.apply(to: values + channel * plane, count: plane, into: image + channel * plane)
      }
      classes[position] = source.labels[Int(index)]
    }
  }
}
