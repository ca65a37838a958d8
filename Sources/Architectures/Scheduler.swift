/// How the learning rate changes over the epochs. Options and defaults are those of PyTorch's scheduler of the same name.
public enum Scheduler: Hashable, Sendable {
  /// `torch.optim.lr_scheduler.StepLR`
  case stepLR(StepLR)

  private enum Name: String, CaseIterable {
    case stepLR = "step_lr"

    var table: OptionTable {
      switch self {
      case .stepLR: StepLR.form.table
      }
    }
  }

  /// The schedulers that a grid can name, with their options and PyTorch's defaults.
  static let tables: [OptionTable] = Name.allCases.map(\.table)

  /// Makes the scheduler of checked options, its name among them.
  init(_ options: Options) {
    guard let name = Name(rawValue: options.text("name")) else { preconditionFailure("no such scheduler: \(options)") }
    switch name {
    case .stepLR: self = .stepLR(StepLR.form.value(options))
    }
  }

  private var described: (name: Name, options: [DescribedOption]) {
    switch self {
    case .stepLR(let options): (.stepLR, StepLR.form.options(of: options))
    }
  }

  /// The name and all options.
  var asOptions: Options {
    let (name, options) = described
    let values = options.map { ($0.name, $0.value) } + [("name", .text(name.rawValue))]
    return Options(Dictionary(values) { $1 })
  }

  /// The learning rate in an epoch, counted from 0, of one that begins with `rate`.
  func rate(_ rate: Double, epoch: Int) -> Double {
    switch self {
    case .stepLR(let options):
      // As PyTorch's chained form rounds it.
      return (0..<epoch / options.stepSize).reduce(rate) { rate, _ in rate * options.gamma }
    }
  }

  /// The rate times `gamma` every `stepSize` epochs.
  public struct StepLR: Hashable, Sendable {
    /// Epochs from one change to the next.
    public var stepSize: Int
    /// What the rate is multiplied by.
    public var gamma: Double

    /// Creates the options with PyTorch's default.
    public init(stepSize: Int, gamma: Double = 0.1) { (self.stepSize, self.gamma) = (stepSize, gamma) }

    fileprivate static let form = OptionForm(
      "step_lr", "The rate times gamma every step_size epochs (torch.optim.lr_scheduler.StepLR).", StepLR(stepSize: 1),
      [
        .required("step_size", .size, \.stepSize, "Epochs from one change to the next."),
        .option("gamma", .factor, \.gamma, "What the rate is multiplied by."),
      ])
  }
}
