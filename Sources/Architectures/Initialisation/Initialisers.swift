/// How the parameters of a layer, or of all layers of a model, begin: as `model.apply(…)` leaves them after the modules
/// were made.
package struct Initialisers: Hashable, Sendable {
  /// How weights begin; `nil` leaves them.
  package var weight: Initialiser?
  /// How biases begin; `nil` leaves them.
  package var bias: Initialiser?

  /// Creates an initialisation.
  package init(weight: Initialiser? = nil, bias: Initialiser? = nil) { (self.weight, self.bias) = (weight, bias) }

  /// What checked options say under `init`; `nil` where they say nothing.
  package init?(_ options: Options) {
    guard case .object(let values)? = options["init"] else { return nil }
    self.init(weight: Initialiser(values["weight"]), bias: Initialiser(values["bias"]))
  }

  /// The option `init`.
  static func option(_ weight: WeightShape, _ documentation: String) -> Option {
    .optional(
      "init",
      .object(
        OptionTable(
          "init", "How parameters begin.",
          [
            .optional("weight", Initialiser.kind(weight), "How the weight begins."),
            .optional("bias", Initialiser.kind(.vector), "How the bias begins."),
          ])), documentation)
  }

  /// How the tensor of a name begins.
  package subscript(tensor: String) -> Initialiser? {
    switch tensor {
    case "weight": weight
    case "bias": bias
    default: nil
    }
  }

  /// The tensors that it is about.
  var tensors: [String] { ["weight", "bias"].filter { self[$0] != nil } }

  /// The object that describes it.
  package var optionValue: OptionValue {
    .object(
      Options(
        Dictionary(uniqueKeysWithValues: tensors.compactMap { name in self[name].map { (name, $0.optionValue) } })))
  }
}
