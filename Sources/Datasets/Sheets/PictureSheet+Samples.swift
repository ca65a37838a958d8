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
        label: classes[label], note: grouped(counts[label]),
        cells: indices[label].map { Cell(Picture(of: examples, at: $0)) })
    }
    let title =
      "\(dataset.description.name): \(grouped(examples.count)) training examples of \(dataset.description.shape)"
    return PictureSheet(title: title, rows: rows)
  }
}

/// A count with its thousands apart: `60,000`.
private func grouped(_ count: Int) -> String {
  let digits = Array(String(count))
  return String(digits.indices.flatMap { $0 > 0 && (digits.count - $0) % 3 == 0 ? [",", digits[$0]] : [digits[$0]] })
}
