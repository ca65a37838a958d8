/// A function applied to every value by itself (`nn.ReLU`, `nn.Sigmoid` …).
///
/// - Input: any shape
/// - Output: the input's shape
package struct Activation: LayerKind {
  /// Which function.
  package let function: Function
  /// The values of the function's options, in the order of its table: the slope of a leaky ReLU.
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
    self.init(function, function.row.options.map { option in Double(optionValue: option.defaultValue) ?? 0 })
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

  private static let typeByFunction = Dictionary(uniqueKeysWithValues: Function.allCases.map { ($0, layerType($0)) })

  private static func layerType(_ function: Function) -> LayerType {
    let row = function.row
    let fields = row.options.enumerated().map { index, option in
      OptionField<Activation>.option(
        option,
        set: { activation, options in
          var values = activation.values
          values[index] = options.number(option.name)
          activation = Activation(function, values)
        },
        value: { .number($0.values[index]) }, isDefault: { .number($0.values[index]) == option.defaultValue })
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
  package func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: input) }
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
