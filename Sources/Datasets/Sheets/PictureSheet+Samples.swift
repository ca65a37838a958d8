import Presentation

extension PictureSheet {
  /// The first training examples of each class, a row a class.
  public static func samples(of dataset: Dataset, columns: Int = 10) -> PictureSheet {
    let (examples, classes) = (dataset.train, dataset.description.classes)
    var indices = [[Int]](repeating: [], count: classes.count)
    for index in 0..<examples.count {
      let label = Int(examples.labels[index])
      if indices[label].count < columns { indices[label].append(index) }
    }
    let counts = examples.counts(classes: classes.count)
    let rows = classes.indices.map { label in
      Row(
        label: classes[label], note: NumberText.count(counts[label]),
        cells: indices[label].map { Cell(Picture(of: examples, at: $0)) })
    }
    let title =
      "\(dataset.description.name): \(NumberText.count(examples.count)) training examples of \(dataset.description.shape)"
    return PictureSheet(title: title, rows: rows)
  }
}
