/// Why a trial can't be trained as it is configured.
package enum TrainingError: Error, CustomStringConvertible {
  /// A batch normalisation with one value per channel and example meets a batch of one example.
  case batchOfOne(examples: Int, batchSize: Int)
  /// A sampler gives the weight 0 to every class that has training examples.
  case nothingToDraw(classes: [String])

  /// What was found and how to fix it.
  package var description: String {
    switch self {
    case .batchOfOne(let examples, let batchSize):
      "batch normalisation of vectors needs more than one example per batch, but \(examples) examples in batches of "
        + "\(batchSize) have a batch of one; change training.batch_size or dataset.train"
    case .nothingToDraw(let classes):
      "dataset.sampler.weights has a 0 for every class with training examples (\(classes.joined(separator: ", "))); give "
        + "one of them a weight above 0"
    }
  }
}
