import Datasets
import Pictures
import Presentation

extension Picture {
  /// Creates the picture of an example.
  package init(of examples: ExampleSet, at index: Int) {
    precondition((0..<examples.count).contains(index), "example \(index) of \(examples.count)")
    let size = examples.shape.count
    switch examples.pixels {
    case .bytes(let start):
      let bytes = UnsafeBufferPointer(start: start + index * size, count: size)
      self.init(dimensions: examples.shape.dimensions, bytes: Array(bytes))
    case .floats(let start):
      let values = UnsafeBufferPointer(start: start + index * size, count: size)
      self.init(dimensions: examples.shape.dimensions, values: Array(values))
    }
  }
}

extension PictureSheet {
  /// The first training examples of each class, one row per class.
  package static func samples(of dataset: Dataset, columns: Int = 10) -> PictureSheet {
    let (examples, data) = (dataset.train, dataset.description)
    let notes = examples.counts(classes: data.classes.count).map(NumberText.count)
    return samples(
      title: "\(data.name): \(NumberText.count(examples.count)) training examples of \(data.shape)",
      classes: zip(data.classes, notes).map { (name: $0, note: $1) },
      labels: (0..<examples.count).map { Int(examples.labels[$0]) }, columns: columns
    ) { Picture(of: examples, at: $0) }
  }
}
