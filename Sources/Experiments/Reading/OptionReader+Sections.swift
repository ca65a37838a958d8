import Architectures
import Presentation

extension OptionReader {
  /// Reads `dataset`.
  func readDataset(_ node: JSONNode, isPartial: Bool = false) -> DatasetSelection? {
    guard let (table, options) = readSection(node, .dataset, isPartial) else { return nil }
    let selection = DatasetSelection(table.name, options)
    if let train = selection.train, case .last(let validation) = selection.split, validation >= train {
      log.report(
        node["validation"]?.value.position ?? node.position,
        "is \(validation), and train is \(train); something must be left to train on")
      return nil
    }
    return isSplit(selection, node) && isDrawn(selection, node)
      && areGood(selection.transform, node["transform"]?.value)
      && areGood(selection.augment, node["augment"]?.value) ? selection : nil
  }

  /// Whether a fold is one of its folds, and a seed splits something.
  private func isSplit(_ selection: DatasetSelection, _ node: JSONNode) -> Bool {
    if case .fold(let fold, let count) = selection.split, fold >= count {
      log.report(
        node["validation"]?.value["fold"]?.value.position ?? node.position,
        "is \(fold), and there are \(count) folds; expected 0 to \(count - 1)")
      return false
    }
    guard selection.splitSeed != nil, selection.split == .last(0) else { return true }
    log.report(
      node["split_seed"]?.value.position ?? node.position,
      "splits nothing: there are no validation examples; set validation, or leave split_seed out")
    return false
  }

  /// Whether a sampler says the order of the examples alone, and can draw some.
  private func isDrawn(_ selection: DatasetSelection, _ node: JSONNode) -> Bool {
    guard let sampler = node["sampler"]?.value, sampler.members != nil else { return true }
    if !selection.shuffle {
      log.report(
        node["shuffle"]?.value.position ?? node.position,
        "is false beside a sampler, which says the order of the examples; leave one of them out")
      return false
    }
    if case .weighted(.given(let weights), _)? = selection.sampler, weights.allSatisfy({ $0 == 0 }) {
      log.report(
        sampler["weights"]?.value.position ?? sampler.position, "has zeros alone; expected a number above 0 among them")
      return false
    }
    return true
  }

  /// Whether the options of each transform go together.
  private func areGood(_ transforms: [Transform], _ list: JSONNode?) -> Bool {
    guard let elements = list?.elements else { return true }
    var isGood = true
    for (transform, element) in zip(transforms, elements) {
      let checked: Void? = make(element) { () throws(OptionError) in try transform.kind.check() }
      if checked == nil { isGood = false }
    }
    return isGood
  }

  /// Reads `optimizer`.
  func readOptimizer(_ node: JSONNode, isPartial: Bool = false) -> Optimizer? {
    guard let (table, options) = readSection(node, .optimizer, isPartial) else { return nil }
    return make(node) { () throws(OptionError) in try Optimizer(table.name, options) }
  }

  /// Reads `training`.
  func readTraining(_ node: JSONNode, isPartial: Bool = false) -> TrainingSettings? {
    guard let values = read(node, TrainingSettings.table, isPartial: isPartial), !isPartial else { return nil }
    return make(node) { () throws(OptionError) in
      try TrainingSettings(TrainingSettings.table.filled(values))
    }
  }

  /// Reads `loss`: a name, or an object with a name and options.
  func readLoss(_ node: JSONNode, isPartial: Bool = false) -> Loss? {
    if node.members == nil {
      if let kind = Loss.Kind.allCases.first(where: { $0.rawValue == node.string }) { return Loss(kind) }
      _ = value(node, .either([.choice(Loss.tables.map(\.name)), .tagged(Loss.tables)]))
      return nil
    }
    guard let (table, options) = readSection(node, .loss, isPartial) else { return nil }
    return make(node) { () throws(OptionError) in try Loss(table.name, options) }
  }

  /// Reads `initial_weights`: a path, an object with a file and options, or `null` for drawn weights.
  func readInitialWeights(_ node: JSONNode, isPartial: Bool = false) -> InitialWeights?? {
    if node.members != nil {
      let values = read(node, InitialWeights.table, isPartial: isPartial)
      return values.flatMap { isPartial ? nil : InitialWeights(InitialWeights.table.filled($0)) }
    }
    switch value(node, .either([.text(4_096), .null])) {
    case .text(let path)?: return InitialWeights(path: path)
    case .null?: return .some(nil)
    default: return nil
    }
  }

  /// Reads the section of an object whose discriminator names its table.
  private func readSection(_ node: JSONNode, _ section: GridSection, _ isPartial: Bool) -> (OptionTable, Options)? {
    readTagged(node, by: section.discriminator ?? "", section.tables, isPartial: isPartial).flatMap { table, values in
      isPartial ? nil : (table, table.filled(values))
    }
  }

  /// What is made of an object's checked options; `nil` where they do not go together, which is then reported.
  func make<Product>(_ node: JSONNode, _ body: () throws(OptionError) -> Product) -> Product? {
    do {
      return try body()
    } catch {
      // An option of an option has a dotted name.
      var node = node
      for name in error.option.split(separator: ".").map(String.init) {
        guard let value = node[name]?.value else {
          log.report(node.position, member: name, error.message)
          return nil
        }
        node = value
      }
      log.report(node.position, error.message)
      return nil
    }
  }
}
