import Architectures

@testable import Experiments

/// Descriptions of the data sets that grids name, without any data.
func describe(_ selection: DatasetSelection) -> DatasetDescription {
  let (shape, train, test) =
    switch selection.name {
    case "cifar10": (Shape(3, 32, 32), 50_000, 10_000)
    case "npy": (Shape(20), 1_000, 100)
    case "digits": (Shape(1, 28, 28), 6_000, 1_000)
    default: (Shape(1, 28, 28), 60_000, 10_000)
    }
  let used = min(train, selection.train ?? train)
  let validation = selection.split.range(of: used).count
  return DatasetDescription(
    name: selection.name, shape: shape, classes: selection.classes ?? (0..<10).map(String.init),
    trainCount: used - min(validation, used - 1), validationCount: validation,
    testCount: selection.test ?? test)
}

/// The study of a grid's text.
func study(_ text: String, _ overrides: [String] = []) throws(GridErrors) -> Study {
  try Grid.read(bytes: Array(text.utf8), file: "grid.json").study(
    overrides: overrides.compactMap { GridOverride($0) }, describe: describe)
}

/// The messages of a grid that has errors; empty where it has none.
func errors(_ text: String, _ overrides: [String] = []) -> [String] {
  do {
    _ = try study(text, overrides)
    return []
  } catch {
    return error.errors.map(\.description)
  }
}

/// A grid without variation, with some of its members replaced or added (`null` as text removes one).
func grid(_ members: [String: String] = [:]) -> String {
  var all = [
    "name": "\"sample\"", "dataset": "{\"name\": \"mnist\"}",
    "model": "{\"family\": \"cnn\", \"channels\": [16, 32]}", "optimizer": "{\"name\": \"sgd\", \"lr\": 0.01}",
    "training": "{\"batch_size\": 100, \"iterations\": 3000}",
  ]
  all.merge(members) { $1 }
  let order = GridOutline.keys.filter { all[$0] != nil && all[$0] != "-" }
  let others = all.keys.filter { !GridOutline.keys.contains($0) }.sorted()
  return "{\n" + (order + others).map { "  \"\($0)\": \(all[$0] ?? "")" }.joined(separator: ",\n") + "\n}"
}
