/// A function applied to every value by itself (`nn.ReLU`, `nn.Sigmoid` …).
///
/// - Input: any shape
/// - Output: the input's shape
package struct Activation: LayerKind {
  /// Which function.
  package let function: Function
  /// The values of the function's options, in the order of its table: the slope of a leaky ReLU. A word of a choice is
  /// its place among the words.
  package let values: [Double]

  /// The functions, by their names in grids; the families' option `activation` names them in this order.
  package enum Function: String, Hashable, Sendable, CaseIterable {
    /// `max(x, 0)`
    case relu
    /// `x` where it is positive, otherwise `negative_slope · x`.
    case leakyReLU = "leaky_relu"
    /// `x` where it is positive, otherwise `alpha · (exp(x) − 1)`.
    case elu
    /// `1 / (1 + exp(−x))`
    case sigmoid
    /// The hyperbolic tangent.
    case tanh
    /// `x · Φ(x)`, Φ the normal distribution; or its approximation by a hyperbolic tangent.
    case gelu
    /// `x / (1 + exp(−x))`
    case silu
    /// `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above `threshold`.
    case softplus
    /// `x · min(max(x + 3, 0), 6) / 6`
    case hardswish
    /// `x · tanh(log(1 + exp(x)))`
    case mish
    /// `scale · x` where it is positive, otherwise `scale · alpha · (exp(x) − 1)`, with constants.
    case selu
    /// `min(max(x, min_val), max_val)`
    case hardtanh
    /// `min(max(x, 0), 6)`
    case relu6

    /// The function's row in the table of activations.
    fileprivate var row: Row {
      switch self {
      case .relu: Row(module: "ReLU", documentation: "max(x, 0) (nn.ReLU).")
      case .leakyReLU:
        Row(
          module: "LeakyReLU", documentation: "x where it is positive, otherwise negative_slope · x (nn.LeakyReLU).",
          options: [Row.option("negative_slope", default: 0.01, "The slope below zero.")])
      case .elu:
        Row(
          module: "ELU", documentation: "x where it is positive, otherwise alpha · (exp(x) − 1) (nn.ELU).",
          options: [Row.option("alpha", default: 1, "The value that it nears.")])
      case .sigmoid: Row(module: "Sigmoid", documentation: "1 / (1 + exp(−x)) (nn.Sigmoid).")
      case .tanh: Row(module: "Tanh", documentation: "The hyperbolic tangent (nn.Tanh).")
      case .gelu:
        Row(
          module: "GELU", documentation: "x · Φ(x) with the normal distribution Φ (nn.GELU).",
          options: [
            Option(
              "approximate", .choice(["none", "tanh"]), default: .text("none"),
              "Whether Φ is approximated by a hyperbolic tangent.")
          ])
      case .silu: Row(module: "SiLU", documentation: "x / (1 + exp(−x)) (nn.SiLU).")
      case .softplus:
        Row(
          module: "Softplus", documentation: "log(1 + exp(beta · x)) / beta (nn.Softplus).",
          options: [
            Row.option(
              "beta", default: 1, in: NumberRange(0...1_000, excludesMinimum: true), "How sharp the bend at 0 is."),
            // Above 88 the exponential is no finite Float.
            Row.option(
              "threshold", default: 20, in: NumberRange(0...80), "Above this value of beta · x the result is x."),
          ])
      case .hardswish: Row(module: "Hardswish", documentation: "x · min(max(x + 3, 0), 6) / 6 (nn.Hardswish).")
      case .mish: Row(module: "Mish", documentation: "x · tanh(log(1 + exp(x))) (nn.Mish).")
      case .selu:
        Row(
          module: "SELU",
          documentation: "1.0507 · x where x is positive, otherwise 1.0507 · 1.6733 · (exp(x) − 1) (nn.SELU).")
      case .hardtanh:
        Row(
          module: "Hardtanh", documentation: "min(max(x, min_val), max_val) (nn.Hardtanh).",
          options: [
            Row.option("min_val", default: -1, "The smallest result."),
            Row.option("max_val", default: 1, "The largest result, above min_val."),
          ])
      case .relu6: Row(module: "ReLU6", documentation: "min(max(x, 0), 6) (nn.ReLU6).")
      }
    }
  }

  /// What there is to say of a function.
  fileprivate struct Row {
    var module: String
    var documentation: String
    var options: [Option] = []

    static func option(
      _ name: String, default value: Double, in range: NumberRange = NumberRange(-1_000...1_000),
      _ documentation: String
    ) -> Option {
      Option(name, .number(range), default: .number(value), documentation)
    }
  }

  private init(_ function: Function, _ values: [Double]) { (self.function, self.values) = (function, values) }

  /// A function with PyTorch's defaults.
  package init(_ function: Function) {
    self.init(function, function.row.options.map { $0.defaultValue.map($0.activationValue) ?? 0 })
  }

  /// `max(x, 0)`
  package static let relu = Activation(.relu)
  /// `1 / (1 + exp(−x))`
  package static let sigmoid = Activation(.sigmoid)
  /// The hyperbolic tangent.
  package static let tanh = Activation(.tanh)

  /// `x` where it is positive, otherwise `negativeSlope · x`.
  package static func leakyReLU(negativeSlope: Double) -> Activation { Activation(.leakyReLU, [negativeSlope]) }

  /// `x` where it is positive, otherwise `alpha · (exp(x) − 1)`.
  package static func elu(alpha: Double) -> Activation { Activation(.elu, [alpha]) }

  /// `x · Φ(x)`, where `approximatedByTanh` with a hyperbolic tangent in place of Φ.
  package static func gelu(approximatedByTanh: Bool) -> Activation { Activation(.gelu, [approximatedByTanh ? 1 : 0]) }

  /// `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above `threshold`.
  package static func softplus(beta: Double, threshold: Double) -> Activation {
    Activation(.softplus, [beta, threshold])
  }

  /// `min(max(x, minimum), maximum)`
  package static func hardtanh(_ minimum: Double, _ maximum: Double) -> Activation {
    Activation(.hardtanh, [minimum, maximum])
  }

  private static let typeByFunction = Dictionary(uniqueKeysWithValues: Function.allCases.map { ($0, layerType($0)) })

  private static func layerType(_ function: Function) -> LayerType {
    let row = function.row
    let fields = row.options.enumerated().map { index, option in
      OptionField<Activation>.option(
        option,
        set: { activation, options in
          var values = activation.values
          values[index] = options[option.name].map(option.activationValue) ?? 0
          activation = Activation(function, values)
        },
        value: { option.optionValue($0.values[index]) },
        isDefault: { option.optionValue($0.values[index]) == option.defaultValue })
    }
    return LayerType(function.rawValue, module: row.module, row.documentation, Activation(function), fields)
  }

  /// A type for each function, those with options first.
  package static var types: [LayerType] {
    let functions =
      Function.allCases.filter { !$0.row.options.isEmpty } + Function.allCases.filter(\.row.options.isEmpty)
    return functions.compactMap { typeByFunction[$0] }
  }

  /// The type of the function.
  package var type: LayerType {
    guard let type = Self.typeByFunction[function] else { preconditionFailure("\(function) has no type") }
    return type
  }

  /// The input's shape.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    if function == .hardtanh, values[0] >= values[1] {
      let (low, high) = (OptionValue.number(values[0]).text, OptionValue.number(values[1]).text)
      throw ShapeError("max_val \(high) must be above min_val \(low)")
    }
    return ShapeInference(output: input)
  }
}

extension Option {
  /// A value of the option as a number: a word of a choice is its place among the words.
  fileprivate func activationValue(_ value: OptionValue) -> Double {
    if case .choice(let words) = kind, case .text(let word) = value { return Double(words.firstIndex(of: word) ?? 0) }
    return Double(optionValue: value) ?? 0
  }

  /// The value that a number of ``activationValue(_:)`` stands for.
  fileprivate func optionValue(_ number: Double) -> OptionValue {
    if case .choice(let words) = kind { .text(words[Int(number)]) } else { .number(number) }
  }
}

extension OptionKind {
  /// The nonlinearities that a family may put after its layers.
  static let activation = OptionKind.choice(Activation.Function.allCases.map(\.rawValue) + ["none"])
}

extension Options {
  /// The layer that the option `activation` of a family asks for, with PyTorch's defaults; none for `none`.
  var activation: [Layer] {
    Activation.Function(rawValue: text("activation")).map { [Layer(Activation($0))] } ?? []
  }
}
