import Architectures
import Presentation

/// A part of a grid that a configuration is made of; dotted paths begin with its name.
enum GridSection: String, CaseIterable {
  case dataset, model, optimizer, loss, training
  case initialWeights = "initial_weights"

  /// The key whose value says which other keys the section may have.
  var discriminator: String? {
    switch self {
    case .dataset, .optimizer, .loss: "name"
    case .model: "family"
    default: nil
    }
  }

  /// The tables between which the section's ``discriminator`` chooses.
  var tables: [OptionTable] {
    switch self {
    case .dataset: DatasetSelection.tables
    case .optimizer: Optimizer.tables
    case .model: ModelFamily.all.map(\.table)
    case .training: [TrainingSettings.table]
    case .loss: Loss.tables
    case .initialWeights: [InitialWeights.table]
    }
  }

  /// The table for a section with these contents; `nil` where its discriminator is missing or unknown.
  func table(for node: JSONNode) -> OptionTable? {
    if self == .training { return TrainingSettings.table }
    if self == .initialWeights { return node.members == nil ? nil : InitialWeights.table }
    if self == .model, let preset = node["preset"]?.value.string { return Preset.named(preset)?.family.table }
    // A loss without options may be its name alone.
    let ownName = self == .loss ? node.string : nil
    guard let key = discriminator, let name = ownName ?? node[key]?.value.string else { return nil }
    return tables.first { $0.name == name }
  }

  /// The value of a key that the section's contents leave out.
  func defaultValue(of key: String, in node: JSONNode?) -> JSONValue? {
    if self == .loss, key.isEmpty { return .string(Loss.crossEntropy.name) }
    let standard = self == .loss && node == nil ? Loss.tables.first : nil
    guard let table = node.flatMap(table) ?? standard else { return nil }
    if self == .loss, key == discriminator { return .string(table.name) }
    guard let node else { return table.option(key)?.defaultValue.map { JSONValue($0) } }
    if self == .model, let name = node["preset"]?.value.string, let value = Preset.named(name)?.options[key] {
      return JSONValue(value)
    }
    return table.option(key)?.defaultValue.map { JSONValue($0) }
  }
}

extension GridSection {
  /// The section that has an option of this name; `nil` where none has, or several have.
  static func home(of key: String) -> GridSection? {
    let homes = allCases.filter { $0.tables.contains { $0.option(key) != nil } }
    return homes.count == 1 ? homes[0] : nil
  }

  /// The section that has an option of this name where it was looked for in another one; `nil` too where the table in
  /// which it was looked for is that of no section.
  static func home(of key: String, besides table: OptionTable) -> GridSection? {
    let section = allCases.first { $0.tables.contains(table) }
    guard let section, let home = home(of: key), home != section else { return nil }
    return home
  }
}
