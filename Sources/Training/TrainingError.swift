/// Why a trial can't be trained as it is configured.
package enum TrainingError: Error, CustomStringConvertible {
  /// A batch normalisation with one value per channel and example meets a batch of one example.
  case batchOfOne(examples: Int, batchSize: Int)

  /// What was found and how to fix it.
  package var description: String {
    switch self {
    case .batchOfOne(let examples, let batchSize):
      "batch normalisation of vectors needs more than one example per batch, but \(examples) examples in batches of "
        + "\(batchSize) have a batch of one; change training.batch_size or dataset.train"
    }
  }
}
