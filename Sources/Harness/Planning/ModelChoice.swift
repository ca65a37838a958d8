import Datasets
import Experiments
import Foundation
import Presentation

import struct Architectures.Preset

/// One configuration that a user named: a preset, or a configuration of a grid file.
package struct ModelChoice: Sendable {
  /// The preset, or the grid's study.
  package let name: String
  /// The configuration's label in the grid; the preset's name.
  package let label: String
  /// How many configurations there were to choose from.
  package let choices: Int
  /// The network, its data and its training.
  package let configuration: Configuration
  /// The first seed.
  package let seed: UInt64
  /// Where its data is found.
  package let library: DatasetLibrary

  /// Reads the grid file or finds the preset.
  ///
  /// - Parameters:
  ///   - model: a preset's name or the path of a grid file.
  ///   - label: the label of a configuration of that grid; `nil` is the first.
  ///   - data: the folder of the known data sets.
  /// - Throws: ``UsageError`` where there is no such model or no such label.
  package init(_ model: String, label: String?, data: DataRoot) throws {
    if let preset = Preset.named(model) {
      guard label == nil else { throw UsageError("--label: \(model) is a preset, which has one configuration only") }
      (name, self.label, choices, configuration, seed) = (model, model, 1, preset.configuration, 0)
      library = DatasetLibrary(root: data)
      return
    }
    guard FileManager.default.fileExists(atPath: model) else {
      throw UsageError("\(model) is neither a grid file nor a preset; presets are \(Preset.names)")
    }
    let source = try GridSource(path: model, data: data)
    let study = try source.study()
    let chosen = label.map { label in study.configurations.first { $0.label == label } } ?? study.configurations.first
    guard let chosen else {
      let labels = listed(study.configurations.map(\.label))
      throw UsageError("--label \(label ?? ""): no configuration has that label; there are \(labels)")
    }
    (name, self.label, choices) = (study.name, chosen.label, study.configurations.count)
    (configuration, library, seed) = (chosen.resolved, source.library, study.seeds.first ?? 0)
  }
}
