import Datasets
import Presentation

/// The known data sets and what there is of them here, as `bench data list` shows them.
package struct DatasetList: Printable, Sendable {
  /// The folder of the data sets.
  package let root: DataRoot
  private let entries: [CatalogEntry]

  /// Looks at the headers and sizes of the files below a folder.
  package init(_ root: DataRoot) {
    self.root = root
    entries = DatasetLibrary(root: root).catalog()
  }

  /// One row per data set.
  package var printout: Printout {
    Printout(
      table, programs: facts,
      json: ["schema": 1, "folder": .string(root.path), "datasets": facts.json])
  }

  private var table: Table {
    var table = Table([
      .init("name"), .init("shape"), .init("train", isNumeric: true), .init("test", isNumeric: true), .init("here"),
      .init("what it is"),
    ])
    table.rows = entries.map { entry in
      let set = entry.dataset
      return [
        .name(set.name), "\(set.shape)", .count(set.trainCount), .count(set.testCount), .name(presence(of: entry)),
        .name(set.title),
      ]
    }
    return table
  }

  private func presence(of entry: CatalogEntry) -> String {
    switch entry.presence {
    case .builtIn: "drawn by the program"
    case .present(_, let train, let test):
      entry.isPartial ? "\(NumberText.count(train)) + \(NumberText.count(test)) of them" : "yes"
    case .damaged: "damaged: bench data show \(entry.dataset.name) says how"
    case .missing: "no: bench data fetch \(entry.dataset.name)"
    }
  }

  /// The examples that were published and those that are here.
  private var facts: Table {
    Table(
      names: [
        "dataset", "title", "shape", "classes", "train", "test", "state", "train_here", "test_here", "folder",
        "problem",
      ],
      values: entries.map { entry in
        let set = entry.dataset
        let here: [JSONValue] =
          switch entry.presence {
          case .builtIn: ["built_in", .null, .null, .null, .null]
          case .present(let folder, let train, let test):
            [
              entry.isPartial ? "partial" : "present", .integer(train), .integer(test), .string(folder), .null,
            ]
          case .damaged(let error): ["damaged", .null, .null, .null, .string("\(error)")]
          case .missing: ["missing", .null, .null, .null, .null]
          }
        return [
          .string(set.name), .string(set.title), .array(set.shape.dimensions.map { .integer($0) }),
          .integer(set.classes.count), .integer(set.trainCount), .integer(set.testCount),
        ] + here
      })
  }
}
