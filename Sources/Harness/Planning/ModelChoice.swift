import Datasets
import Experiments
import Foundation
import Presentation

import struct Architectures.Preset

/// A configuration that a user named: a preset, or a configuration of a grid file.
package struct ModelChoice: Sendable {
  /// The preset, or the grid's study.
  package let name: String
  /// The configuration's label in the grid; the preset's name.
  package let label: String
  /// Whether it is a preset.
  package let isPreset: Bool
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
  ///   - overrides: settings that replace the grid's, each `PATH=VALUE`.
  ///   - data: the folder of the known data sets.
  /// - Throws: ``UsageError`` where there is no such model or no such label.
  package init(_ model: String, label: String?, overrides: [String] = [], data: DataRoot) throws {
    let all = try Self.all(of: model, overrides: overrides, data: data)
    guard label == nil || !all[0].isPreset else {
      throw UsageError("--label: \(model) is a preset, which has one configuration only")
    }
    guard let chosen = label.map({ label in all.first { $0.label == label } }) ?? all[0] else {
      throw UsageError("--label \(label ?? ""): no configuration has that label; there are \(listed(all.map(\.label)))")
    }
    self = chosen
  }

  private init(_ preset: Preset, data: DataRoot) {
    (name, label, choices, isPreset) = (preset.name, preset.name, 1, true)
    (configuration, library, seed) = (preset.configuration, DatasetLibrary(root: data), 0)
  }

  private init(_ point: StudyConfiguration, of study: Study, _ source: GridSource) {
    (name, label, choices, isPreset) = (study.name, point.label, study.configurations.count, false)
    (configuration, library, seed) = (point.resolved, source.library, study.seeds.first ?? 0)
  }

  /// Whether a word names a preset or a file.
  package static func isNamed(by word: String) -> Bool {
    Preset.named(word) != nil || FileManager.default.fileExists(atPath: word)
  }

  /// A preset, or the configurations of a grid file in their order; one at least.
  ///
  /// - Parameters:
  ///   - model: a preset's name or the path of a grid file.
  ///   - overrides: settings that replace the grid's, each `PATH=VALUE`.
  ///   - data: the folder of the known data sets.
  /// - Throws: ``UsageError`` where there is no such model.
  package static func all(of model: String, overrides: [String] = [], data: DataRoot) throws -> [ModelChoice] {
    if let preset = Preset.named(model) {
      guard overrides.isEmpty else { throw UsageError("--set: \(model) is a preset; only a grid can be changed") }
      return [ModelChoice(preset, data: data)]
    }
    guard FileManager.default.fileExists(atPath: model) else {
      throw UsageError("\(model) is neither a grid file nor a preset; presets are \(Preset.names)")
    }
    let source = try GridSource(path: model, overrides: overrides, data: data)
    let study = try source.study()
    return study.configurations.map { ModelChoice($0, of: study, source) }
  }
}
