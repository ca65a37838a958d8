import Datasets
import Experiments
import NeuralNetwork

/// Draws which training examples an epoch has, and in which order, as a `DataLoader` over them does.
package struct ExampleSampling {
  private let selection: DatasetSelection
  /// How many examples there are, and how many an epoch draws.
  private let count: Int
  private let drawn: Int
  /// What the examples weigh, where a sampler asks.
  private let weights: CumulativeWeights?

  /// Looks at the labels, where classes have weights.
  ///
  /// - Throws: ``TrainingError/nothingToDraw(classes:)``
  package init(_ selection: DatasetSelection, of dataset: Dataset) throws(TrainingError) {
    let examples = dataset.train
    self.selection = selection
    (count, drawn) = (examples.count, selection.sampler?.count ?? examples.count)
    guard case .weighted(let classWeights, _)? = selection.sampler else {
      weights = nil
      return
    }
    let classes = dataset.description.classes
    let counts = examples.counts(classes: classes.count)
    let ofClass =
      switch classWeights {
      case .balanced: counts.map { 1 / Double($0) }
      case .given(let weights): weights
      }
    weights = CumulativeWeights((0..<examples.count).map { ofClass[Int(examples.labels[$0])] })
    if weights == nil {
      throw .nothingToDraw(classes: zip(classes, counts).compactMap { $1 > 0 ? $0 : nil })
    }
  }

  /// The indices of the next epoch's examples, with all that a `DataLoader` draws at its beginning.
  package func epochOrder(_ generator: Generator) -> [Int32] {
    switch selection.sampler {
    case nil: generator.epochOrder(count: count, shuffle: selection.shuffle)
    case .random(let replacement, _)?: generator.epochOrder(count: count, drawn: drawn, replacement: replacement)
    case .weighted?:
      if let weights { generator.epochOrder(weights, drawn: drawn) } else { preconditionFailure("weights were made") }
    }
  }
}
