import Architectures
import Experiments

/// The batches of a data set whose training examples are changed at random each time they are used.
///
/// The draws are those of a `DataLoader` without worker processes over
/// `Compose([ToTensor(), *transform, *augment, Normalize(mean, std)])`: example after example in the batch's order, when the
/// batch is fetched, and then those of what mixes the batch.
package final class AugmentedBatch {
  /// The shape of one image.
  package let shape: Shape
  /// The images of the last batch, one after another, each in the order `[C, H, W]`, normalised.
  package var pixels: UnsafePointer<Float> { UnsafePointer(images) }
  /// Their classes; of images that were mixed, those of what they were mixed into.
  package var labels: UnsafePointer<UInt8> { UnsafePointer(classes) }
  /// The share of each class in each image, `[images][classes]`; `nil` where they are not mixed.
  package var shares: UnsafePointer<Float>? { mixer.map { UnsafePointer($0.shares) } }

  private let source: ExampleSet
  private let chain: TransformChain
  private let channels: [ChannelNormalization]
  private let mixer: BatchMixer?
  private let images: UnsafeMutablePointer<Float>
  private let classes: UnsafeMutablePointer<UInt8>
  private let capacity: Int

  /// Prepares batches of up to so many examples; `nil` where the data set's examples are taken as they are.
  package init?(of dataset: Dataset, batchSize: Int) {
    guard !dataset.augment.isEmpty || dataset.mix != nil else { return nil }
    (source, shape, channels) = (dataset.train, dataset.train.shape, dataset.normalization)
    chain = TransformChain(dataset.augment, shape: shape)
    mixer = dataset.mix.map {
      BatchMixer($0, shape: dataset.train.shape, classes: dataset.description.classes.count, batchSize: batchSize)
    }
    capacity = batchSize
    images = .allocate(capacity: batchSize * shape.count)
    classes = .allocate(capacity: batchSize)
  }

  deinit {
    images.deallocate()
    classes.deallocate()
  }

  /// Bytes of memory for a selection's batches of so many examples; 0 where they are taken as they are.
  package static func byteCount(
    of selection: DatasetSelection, _ dataset: DatasetDescription, batchSize: Int
  ) -> Int {
    guard selection.changesBatches else { return 0 }
    let floats =
      batchSize * dataset.shape.count
      + (selection.mix == nil ? 0 : batchSize * dataset.classes.count + dataset.shape.count)
    return floats * MemoryLayout<Float>.stride + batchSize
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
    mixer?.mix(images, labels, count: indices.count, draws)
  }
}
