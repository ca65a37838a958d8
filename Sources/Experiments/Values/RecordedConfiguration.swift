import Architectures

/// A configuration as a store has it: one that was trained here, or one whose curves another program brought.
package struct RecordedConfiguration: Hashable, Sendable, NamedPoint {
  /// The name in the study; unique there.
  package var label: String
  /// What sets it apart, in file order, as shown in tables.
  package var settings: [Setting]
  /// All settings but the seed; `nil` where another program trained, so that nobody here knows them.
  package var resolved: Configuration?
  /// The data that it learned from; `nil` where another program trained.
  package var dataset: DatasetDescription?
  /// What an import says of an epoch's length.
  private let importedIterationsPerEpoch: Int?

  /// Takes a configuration that was trained here.
  package init(_ configuration: StudyConfiguration) {
    (label, settings) = (configuration.label, configuration.settings)
    (resolved, dataset, importedIterationsPerEpoch) = (configuration.resolved, configuration.dataset, nil)
  }

  /// Names a configuration that another program trained.
  ///
  /// - Parameter iterationsPerEpoch: training steps in a pass over the training examples; `nil` where nobody knows.
  package init(importedAs label: String, settings: [Setting], iterationsPerEpoch: Int?) {
    (self.label, self.settings, importedIterationsPerEpoch) = (label, settings, iterationsPerEpoch)
    (resolved, dataset) = (nil, nil)
  }

  /// Whether another program trained it.
  package var isImported: Bool { resolved == nil }

  /// The configuration as a study has it that can be trained; `nil` where another program trained it.
  package var trainable: StudyConfiguration? {
    guard let resolved, let dataset else { return nil }
    return StudyConfiguration(label: label, settings: settings, resolved: resolved, dataset: dataset)
  }

  /// Training steps in a pass over the training examples, at least 1; `nil` where nobody knows.
  package var iterationsPerEpoch: Int? {
    guard let resolved, let dataset else { return importedIterationsPerEpoch }
    return max(1, resolved.training.iterationsPerEpoch(examples: dataset.trainCount))
  }

  /// A number that every trial of this program has, and one of another program may lack, which then is NaN here.
  package func known(_ value: Double) -> Double? { isImported && value.isNaN ? nil : value }
}

/// A configuration of a study under the name and with the settings that people know it by.
package protocol NamedPoint {
  /// The name in the study.
  var label: String { get }
  /// What sets it apart, in file order.
  var settings: [Setting] { get }
}

extension StudyConfiguration: NamedPoint {}

extension Double {
  /// The number, or `nil` for NaN, which stands for what nobody measured.
  package var ifMeasured: Double? { isNaN ? nil : self }
}
