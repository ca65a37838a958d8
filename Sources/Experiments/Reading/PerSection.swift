/// One value for each section of a grid, by name.
struct PerSection<Value> {
  var dataset: Value
  var model: Value
  var optimizer: Value
  var loss: Value
  var training: Value
  var initialWeights: Value

  /// Asks for each section's value.
  init(_ value: (GridSection) -> Value) {
    (dataset, model, optimizer) = (value(.dataset), value(.model), value(.optimizer))
    (loss, training, initialWeights) = (value(.loss), value(.training), value(.initialWeights))
  }

  /// The value of a section, changed in place.
  subscript(section: GridSection) -> Value {
    get {
      switch section {
      case .dataset: dataset
      case .model: model
      case .optimizer: optimizer
      case .loss: loss
      case .training: training
      case .initialWeights: initialWeights
      }
    }
    _modify {
      switch section {
      case .dataset: yield &dataset
      case .model: yield &model
      case .optimizer: yield &optimizer
      case .loss: yield &loss
      case .training: yield &training
      case .initialWeights: yield &initialWeights
      }
    }
  }

  /// Whether something holds for the values of all sections.
  func allSatisfy(_ holds: (Value) -> Bool) -> Bool { GridSection.allCases.allSatisfy { holds(self[$0]) } }
}
