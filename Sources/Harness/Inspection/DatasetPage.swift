import Datasets
import Experiments
import Presentation

/// A data set's examples by class, as `bench data show` shows them.
package struct DatasetPage: Printable, Sendable {
  private let description: DatasetDescription
  private let digest: String
  private let picture: String
  /// The classes' training and test examples.
  private let counts: [(train: Int, test: Int)]

  /// Counts a data set's examples.
  ///
  /// - Parameter picture: the path of its sheet of samples.
  package init(_ dataset: Dataset, picture: String) {
    (description, digest, self.picture) = (dataset.description, dataset.digest, picture)
    let classes = description.classes.count
    let (train, test) = (dataset.train.counts(classes: classes), dataset.test.counts(classes: classes))
    counts = (0..<classes).map { (train[$0], test[$0]) }
  }

  /// One row per class.
  package var printout: Printout {
    Printout(
      title: "Data set \(description.name)",
      sections: [
        Section(
          id: "classes", title: "Classes",
          blocks: [.paragraph(summary), .paragraph(digestText), .table(table), .paragraph(picture)])
      ], table: facts, json: json, own: [.text: { text }])
  }

  private var text: String { "\(summary)\n\(digestText)\n\(table.text())\(picture)\n" }

  private var summary: String {
    "\(description.name): \(NumberText.count(description.trainCount)) training, "
      + "\(NumberText.count(description.testCount)) test examples of \(description.shape)"
  }

  private var digestText: String { "digest: \(digest)" }

  private var table: Table {
    var table = Table([.init("class"), .init("train", isNumeric: true), .init("test", isNumeric: true)])
    table.rows = zip(description.classes, counts).map { [.name($0), .count($1.train), .count($1.test)] }
    return table
  }

  private var facts: Table {
    Table(
      names: ["dataset", "index", "class", "train", "test"],
      values: zip(description.classes, counts).enumerated().map { index, row in
        [
          .string(description.name), .integer(index), .string(row.0), .integer(row.1.train), .integer(row.1.test),
        ]
      })
  }

  private var json: JSONValue {
    [
      "schema": 1, "dataset": .string(description.name),
      "shape": .array(description.shape.dimensions.map { .integer($0) }), "train": .integer(description.trainCount),
      "test": .integer(description.testCount), "digest": .string(digest), "picture": .string(picture),
      "classes": .array(
        zip(description.classes, counts).enumerated().map { index, row in
          [
            "index": .integer(index), "class": .string(row.0), "train": .integer(row.1.train),
            "test": .integer(row.1.test),
          ]
        }),
    ]
  }
}
