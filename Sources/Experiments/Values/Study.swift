import Architectures

/// One expansion of a grid file under a name.
package struct Study: Sendable {
  /// The name, which also names the report's folder once it was made safe for a path.
  package var name: String
  /// One line that says what the study asks; may be empty.
  package var title: String
  /// What varies, in file order.
  package var axes: [Axis]
  /// The points of the grid, in file order, duplicates removed.
  package var configurations: [StudyConfiguration]
  /// The replicates.
  package var seeds: [UInt64]
  /// The grid as it was read (after `--set`), kept with the study's revision.
  package var gridText: String
  /// Points of the grid that are the same as an earlier one, and so are trained once.
  package var collapsed: [CollapsedPoint]

  /// Creates a study.
  package init(
    name: String, title: String, axes: [Axis], configurations: [StudyConfiguration], seeds: [UInt64],
    gridText: String, collapsed: [CollapsedPoint] = []
  ) {
    (self.name, self.title, self.axes) = (name, title, axes)
    (self.configurations, self.seeds, self.gridText) = (configurations, seeds, gridText)
    self.collapsed = collapsed
  }

  /// Every trial: all seeds of the first configuration, then of the second …
  package var trials: [Trial] {
    configurations.flatMap { configuration in
      seeds.map { Trial(configuration: configuration, seed: $0) }
    }
  }
}

/// A point of a grid that says the same as an earlier one.
package struct CollapsedPoint: Hashable, Sendable {
  /// What the point would have been called.
  package var label: String
  /// The label of the configuration that stands for it.
  package var original: String

  /// Creates a collapsed point.
  package init(label: String, original: String) { (self.label, self.original) = (label, original) }
}

/// One thing that varies in a study.
package struct Axis: Hashable, Sendable {
  /// The dotted path, such as `optimizer.lr`; `variant` for the labelled axis.
  package var path: String
  /// The values as they are shown, in file order.
  package var values: [String]

  /// Creates an axis.
  package init(path: String, values: [String]) { (self.path, self.values) = (path, values) }
}

/// A configuration in a study, with the name that people know it by.
package struct StudyConfiguration: Hashable, Sendable {
  /// The variant's label plus the values of what else varies: `Model A, lr 0.1`. Unique in the study.
  package var label: String
  /// What sets it apart, in file order, as shown in tables.
  package var settings: [Setting]
  /// All settings but the seed, with every default filled in.
  package var resolved: Configuration
  /// The data that it learns from.
  package var dataset: DatasetDescription

  /// Creates a named configuration.
  package init(label: String, settings: [Setting], resolved: Configuration, dataset: DatasetDescription) {
    (self.label, self.settings) = (label, settings)
    (self.resolved, self.dataset) = (resolved, dataset)
  }
}

/// A path and the value that it has in one configuration, as shown in tables.
package struct Setting: Hashable, Sendable {
  /// The dotted path: `model.pooling`.
  package var path: String
  /// The value as it is shown: `max`.
  package var value: String

  /// Creates a setting.
  package init(path: String, value: String) { (self.path, self.value) = (path, value) }

  /// What a setting is called: the last part of its path, `lr`, or with the element of a list that it belongs to,
  /// `layers[7] lr`; the whole path where another one would be called alike.
  package static func name(of path: String, among paths: [String]) -> String {
    let name = lastParts(of: path)
    return paths.count { lastParts(of: $0) == name } <= 1 ? name : path
  }

  /// The name as a sentence has it: `learning rate`, `layers[7] learning rate`, `weight decay`.
  package static func title(of path: String, among paths: [String]) -> String {
    let name = name(of: path, among: paths)
    guard name != path || !path.contains(".") else { return path }
    let words = name.hasSuffix(" lr") || name == "lr" ? name.dropLast(2) + "learning rate" : name
    return words.replacing("_", with: " ")
  }

  private static func lastParts(of path: String) -> String {
    let parts = path.split(separator: ".").suffix(2)
    let isInList = parts.count == 2 && parts.first?.hasSuffix("]") == true
    return isInList ? parts.joined(separator: " ") : String(parts.last ?? path[...])
  }
}

/// A configuration and a seed: what is trained once.
package struct Trial: Hashable, Sendable {
  /// All settings but the seed.
  package var configuration: StudyConfiguration
  /// What every random number of the trial comes from.
  package var seed: UInt64

  /// Creates a trial.
  package init(configuration: StudyConfiguration, seed: UInt64) {
    (self.configuration, self.seed) = (configuration, seed)
  }

  /// Training steps in all.
  package var iterations: Int {
    configuration.resolved.training.iterations(examples: configuration.dataset.trainCount)
  }
}
