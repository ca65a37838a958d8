import Foundation

/// How a tensor's first values are drawn: a function of `torch.nn.init` with its arguments and defaults.
package struct Initialiser: Hashable, Sendable {
  /// Which function.
  package let function: Function
  /// The function's arguments, defaults filled in.
  package let options: Options

  /// The functions, by their names in grids: those of torch.nn.init without the last underscore.
  package enum Function: String, Hashable, Sendable, CaseIterable {
    case uniform, normal
    case truncatedNormal = "trunc_normal"
    case constant, zeros, ones
    case xavierUniform = "xavier_uniform"
    case xavierNormal = "xavier_normal"
    case kaimingUniform = "kaiming_uniform"
    case kaimingNormal = "kaiming_normal"
    case orthogonal

    /// Whether it takes a tensor of one dimension, which has no inputs and outputs.
    var takesVectors: Bool {
      switch self {
      case .uniform, .normal, .truncatedNormal, .constant, .zeros, .ones: true
      case .xavierUniform, .xavierNormal, .kaimingUniform, .kaimingNormal, .orthogonal: false
      }
    }

    /// The arguments.
    fileprivate var table: OptionTable {
      func number(_ name: String, _ value: Double, _ documentation: String) -> Option {
        .option(name, .number(NumberRange(-1_000_000...1_000_000)), default: .number(value), documentation)
      }
      let gain = Option.option("gain", .factor, default: .number(1), "What the values are multiplied by.")
      let kaiming: [Option] = [
        .option(
          "a", .number(NumberRange(-1_000_000...1_000_000)), default: .number(0),
          "The slope below zero of the leaky_relu that follows."),
        .option(
          "mode", .choice(["fan_in", "fan_out"]), default: .text("fan_in"),
          "Whether the variance is kept forward or backward."),
        .option(
          "nonlinearity", .choice(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]),
          default: .text("leaky_relu"), "What follows the layer."),
      ]
      let (text, options): (String, [Option]) =
        switch self {
        case .uniform:
          ("Uniform from a to b", [number("a", 0, "The lower bound."), number("b", 1, "The upper bound.")])
        case .normal:
          (
            "Normal",
            [
              number("mean", 0, "The mean."),
              .option("std", .factor, default: .number(1), "The standard deviation."),
            ]
          )
        case .truncatedNormal:
          (
            "Normal, drawn again outside of a to b",
            [
              number("mean", 0, "The mean."),
              .option(
                "std", .number(NumberRange(0...1_000_000, excludesMinimum: true)), default: .number(1),
                "The standard deviation."),
              number("a", -2, "The smallest value."), number("b", 2, "The largest value."),
            ]
          )
        case .constant:
          (
            "One value everywhere",
            [.option("val", .number(NumberRange(-1_000_000...1_000_000)), "The value.")]
          )
        case .zeros: ("0 everywhere", [])
        case .ones: ("1 everywhere", [])
        case .xavierUniform: ("Uniform with the variance 2 · gain² / (fan_in + fan_out)", [gain])
        case .xavierNormal: ("Normal with the variance 2 · gain² / (fan_in + fan_out)", [gain])
        case .kaimingUniform: ("Uniform with the variance gain² / fan", kaiming)
        case .kaimingNormal: ("Normal with the variance gain² / fan", kaiming)
        case .orthogonal: ("Orthonormal rows or columns", [gain])
        }
      return OptionTable(rawValue, "\(text) (nn.init.\(rawValue)_).", options)
    }
  }

  private static let tablesByFunction = Dictionary(uniqueKeysWithValues: Function.allCases.map { ($0, $0.table) })

  /// The functions that a grid can name, with their arguments and PyTorch's defaults.
  package static let tables = Function.allCases.map(\.table)

  /// A name, where no argument must be given, or an object with a name and arguments.
  ///
  /// - Parameter weight: what it is for: a vector has no inputs and outputs.
  static func kind(_ weight: WeightShape) -> OptionKind {
    let tables = Function.allCases.filter { weight == .matrix || $0.takesVectors }.map(\.table)
    let names = tables.filter { $0.options.allSatisfy { $0.defaultValue != nil } }.map(\.name)
    return .either([.choice(names), .tagged(tables)])
  }

  /// A function with arguments, the others at their defaults.
  package init(_ function: Function, _ arguments: [String: OptionValue] = [:]) {
    guard let table = Self.tablesByFunction[function] else { preconditionFailure("\(function) has no table") }
    (self.function, options) = (function, table.filled(arguments))
  }

  /// The initialiser that a checked option describes; `nil` where it was left out.
  package init?(_ value: OptionValue?) {
    var arguments: [String: OptionValue] = [:]
    let name: String?
    switch value {
    case .text(let text)?: name = text
    case .object(let options)?:
      name = options.textIfAny("name")
      for (key, value) in options.sorted where key != "name" { arguments[key] = value }
    default: return nil
    }
    guard let function = name.flatMap(Function.init) else {
      preconditionFailure("no initialiser has the name \(name ?? "")")
    }
    self.init(function, arguments)
  }

  /// The initialiser as an object with all its arguments.
  var optionValue: OptionValue {
    var values = Dictionary(uniqueKeysWithValues: options.sorted.map { ($0.name, $0.value) })
    values["name"] = .text(function.rawValue)
    return .object(Options(values))
  }

  /// Throws where arguments do not go together.
  package func check() throws(OptionError) {
    switch function {
    case .uniform, .truncatedNormal:
      let (low, high) = (options.number("a"), options.number("b"))
      guard low < high else {
        throw OptionError(option: "b", "is \(number(high)), and a is \(number(low)); expected a b above a")
      }
      guard function == .truncatedNormal else { return }
      let share = truncatedNormal.acceptance
      guard share < 0.01 else { return }
      throw OptionError(
        option: "b",
        "is \(number(high)) with a \(number(low)), mean \(number(options.number("mean"))) and std "
          + "\(number(options.number("std"))); of 100 draws not one would lie there. Bring a and b nearer to the mean, or "
          + "make std larger")
    default: return
    }
  }

  private func number(_ value: Double) -> String { OptionValue.number(value).text }
}

extension Initialiser {
  /// What `trunc_normal_` is asked for, and how it goes about it.
  package struct TruncatedNormal: Sendable {
    /// The mean of the whole distribution.
    package let mean: Double
    /// Its standard deviation.
    package let std: Double
    /// The smallest value.
    package let low: Double
    /// The largest value.
    package let high: Double

    /// Whether PyTorch draws normal numbers until all lie between the bounds; otherwise it draws uniform ones between
    /// the bounds and takes each with the probability that its density has against the largest.
    package var drawsNormal: Bool { cumulative(high) - cumulative(low) > 0.3 }

    /// The logarithm of the largest density, times a constant.
    package var logPeak: Double { logDensity(max(low, min(mean, high))) }

    /// The share of draws that is taken.
    var acceptance: Double {
      guard !drawsNormal else { return cumulative(high) - cumulative(low) }
      let count = 1_000
      let sum = (0..<count).reduce(0.0) {
        $0 + exp(logDensity(low + (high - low) * (Double($1) + 0.5) / Double(count)) - logPeak)
      }
      return sum / Double(count)
    }

    private func logDensity(_ value: Double) -> Double { -0.5 * ((value - mean) / std) * ((value - mean) / std) }

    private func cumulative(_ value: Double) -> Double { (1 + erf((value - mean) / std / 2.0.squareRoot())) / 2 }
  }

  /// The arguments of a truncated normal distribution.
  package var truncatedNormal: TruncatedNormal {
    TruncatedNormal(
      mean: options.number("mean"), std: options.number("std"), low: options.number("a"), high: options.number("b"))
  }
}
