import Architectures

/// One expansion of a grid file under a name.
public struct Study: Sendable {
  /// The name, which also names the report's folder once it was made safe for a path.
  public var name: String
  /// One line that says what the study asks; may be empty.
  public var title: String
  /// What varies, in file order.
  public var axes: [Axis]
  /// The points of the grid, in file order, duplicates removed.
  public var configurations: [StudyConfiguration]
  /// The replicates.
  public var seeds: [UInt64]
  /// The grid as it was read (after `--set`), kept with the study's revision.
  public var gridText: String
  /// Points of the grid that are the same as an earlier one, and so are trained once.
  public var collapsed: [CollapsedPoint]

  /// Creates a study.
  public init(
    name: String, title: String, axes: [Axis], configurations: [StudyConfiguration], seeds: [UInt64],
    gridText: String, collapsed: [CollapsedPoint] = []
  ) {
    (self.name, self.title, self.axes) = (name, title, axes)
    (self.configurations, self.seeds, self.gridText) = (configurations, seeds, gridText)
    self.collapsed = collapsed
  }

  /// Every trial: all seeds of the first configuration, then of the second …
  public var trials: [Trial] {
    configurations.flatMap { configuration in
      seeds.map { Trial(configuration: configuration, seed: $0) }
    }
  }
}

/// A point of a grid that says the same as an earlier one.
public struct CollapsedPoint: Hashable, Sendable {
  /// What the point would have been called.
  public var label: String
  /// The label of the configuration that stands for it.
  public var original: String

  /// Creates a collapsed point.
  public init(label: String, original: String) { (self.label, self.original) = (label, original) }
}

/// One thing that varies in a study.
public struct Axis: Hashable, Sendable {
  /// The dotted path, such as `optimizer.lr`; `variant` for the labelled axis.
  public var path: String
  /// The values as they are shown, in file order.
  public var values: [String]

  /// Creates an axis.
  public init(path: String, values: [String]) { (self.path, self.values) = (path, values) }
}

/// A configuration in a study, with the name that people know it by.
public struct StudyConfiguration: Hashable, Sendable {
  /// The variant's label plus the values of what else varies: `Model A, lr 0.1`. Unique in the study.
  public var label: String
  /// What sets it apart, in file order, as shown in tables.
  public var settings: [Setting]
  /// All settings but the seed.
  public var configuration: Configuration
  /// The data that it learns from.
  public var dataset: DatasetDescription

  /// Creates a named configuration.
  public init(label: String, settings: [Setting], configuration: Configuration, dataset: DatasetDescription) {
    (self.label, self.settings) = (label, settings)
    (self.configuration, self.dataset) = (configuration, dataset)
  }
}

/// A path and the value that it has in one configuration, as shown in tables.
public struct Setting: Hashable, Sendable {
  /// The dotted path: `model.pooling`.
  public var path: String
  /// The value as it is shown: `max`.
  public var value: String

  /// Creates a setting.
  public init(path: String, value: String) { (self.path, self.value) = (path, value) }
}

/// A configuration and a seed: what is trained once.
public struct Trial: Hashable, Sendable {
  /// All settings but the seed.
  public var configuration: StudyConfiguration
  /// What every random number of the trial comes from.
  public var seed: UInt64

  /// Creates a trial.
  public init(configuration: StudyConfiguration, seed: UInt64) {
    (self.configuration, self.seed) = (configuration, seed)
  }

  /// Training steps in all.
  public var iterations: Int {
    configuration.configuration.training.iterations(examples: configuration.dataset.trainCount)
  }
}
