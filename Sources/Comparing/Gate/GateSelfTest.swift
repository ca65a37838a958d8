import Experiments
import Presentation
import Statistics

/// The nights by which the gate is judged, and what came of them.
package struct GateSelfTest: Sendable {
  /// A kind of night with its counts.
  struct Case: Sendable {
    var name: String
    var rates: GateSimulation.Rates
    var hasPlanted: Bool
    var smallestLoss: Double?
    /// The share of false alarms that is allowed; `nil` where the baseline's luck decides.
    var alarmLimit: Double?
    /// The share of nights on which what was planted must be seen.
    var goal: Double?

    /// Whether the false alarms are more than chance gives one time in a thousand where the limit is just kept.
    var hasTooManyAlarms: Bool {
      guard let alarmLimit else { return false }
      return Binomial.upperTail(rates.falseAlarms, of: rates.nights, probability: alarmLimit) < 0.001
    }

    /// Whether what was planted is seen too rarely.
    var hasTooFewDetections: Bool { goal.map { rates.detectionRate < $0 } ?? false }
  }

  private let simulation: GateSimulation
  private let isOfBaseline: Bool
  let cases: [Case]

  /// Whether all counts are as they must be, as far as so many nights can tell.
  package var holds: Bool { !cases.contains { $0.hasTooManyAlarms || $0.hasTooFewDetections } }

  /// Simulates `nights` of each kind.
  ///
  /// - Parameter baseline: whose configurations, seeds, gaps and spreads are taken; `nil` takes twelve configurations with
  ///   six seeds and a standard deviation of 0.3 points.
  package init(
    of baseline: StudyResults? = nil, policy: ComparisonPolicy = ComparisonPolicy(), nights: Int = 5000,
    seed: UInt64 = 0
  ) {
    var plain: GateSimulation
    if let baseline {
      let limit = policy.limits.first { !$0.metric.isCost } ?? ComparisonPolicy.standardLimit(for: baseline)
      plain = GateSimulation(of: baseline, limit: limit)
    } else {
      plain = GateSimulation(configurations: 12)
    }
    plain.alpha = policy.alpha
    (simulation, isOfBaseline) = (plain, baseline != nil)
    let searchNights = max(100, nights / 10)
    // The false alarms allowed: α, and one of two hundred nights for a seed that collapses by chance.
    let limit = policy.alpha + 0.005
    func make(
      _ name: String, goal: Double? = nil, search: Bool = false, alarmLimit: Double? = limit,
      _ change: (inout GateSimulation) -> Void
    ) -> Case {
      var simulation = plain
      change(&simulation)
      var smallest = search ? simulation.smallestSeenLoss(nights: searchNights, seed: seed) : nil
      if search { simulation.loss = smallest ?? 0 }
      var rates = simulation.rates(nights: nights, seed: seed)
      // What fewer nights found is confirmed by all of them.
      while let loss = smallest, rates.detectionRate < 0.8 {
        smallest = 1.03 * loss
        simulation.loss = 1.03 * loss
        rates = simulation.rates(nights: nights, seed: seed)
      }
      return Case(
        name: name, rates: rates,
        hasPlanted: simulation.loss > 0 || simulation.collapsedSeeds > 0, smallestLoss: smallest,
        alarmLimit: alarmLimit, goal: goal)
    }
    let third = max(1, plain.baseline.configurations.count / 3)
    let rounding = GateSimulation.Noise.rounding(0.2)
    cases = [
      make("no change, all scores drawn anew") { _ in },
      make("no change, all drawn anew from skewed scores") { $0.noise = .skewed },
      make("no change, only the rounding differs") { $0.noise = rounding },
      make("no change, a third of the rows lack all seeds but two") { $0.seedsOfPartialRows = 2 },
      make("no change, speeds compared too, nights differ by 8 %") { $0.speedDeviation = 0.08 },
      make("no change, one baseline kept for 50 nights", alarmLimit: nil) { $0.nightsPerBaseline = 50 },
      make("one seed of one configuration falls to a tenth", goal: plain.canSeeCollapse ? 1 : nil) {
        $0.collapsedSeeds = 1
      },
      make(
        "all its seeds do, partial rows and speeds beside it", goal: plain.canSeeCollapse ? 1 : nil
      ) {
        ($0.collapsedSeeds, $0.seedsOfPartialRows, $0.speedDeviation) = (.max, 1, 0.08)
      },
      make("one configuration loses, all scores drawn anew", search: true) { _ in },
      make("one configuration loses, only the rounding differs", search: true) { $0.noise = rounding },
      make("a third of the configurations lose, only the rounding differs", search: true) {
        ($0.noise, $0.losers) = (rounding, third)
      },
    ]
  }

  /// The counts as a table for a terminal.
  package var text: String {
    let metric = simulation.limit.metric
    func percent(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 2)) %" }
    func size(_ value: Double) -> String { metric.difference(value).replacing("+", with: "") + metric.differenceUnit }
    let columns = ["Night", "False alarms", "Planted and seen", "Undecided", "Smallest loss seen", ""].enumerated()
      .map { Table.Column(title: $1, alignment: (1...4).contains($0) ? .right : .left) }
    let rows = cases.map { entry in
      [
        Table.Cell(entry.name), Table.Cell(percent(entry.rates.falseAlarmRate)),
        Table.Cell(entry.hasPlanted ? percent(entry.rates.detectionRate) : NumberText.none),
        Table.Cell(percent(Double(entry.rates.undecided) / Double(max(1, entry.rates.nights)))),
        Table.Cell(entry.smallestLoss.map(size) ?? NumberText.none),
        Table.Cell(entry.hasTooManyAlarms ? "too many" : entry.hasTooFewDetections ? "too few" : ""),
      ]
    }
    let study = simulation.baseline
    let seeds = study.configurations.map(\.trials.count)
    let source = isOfBaseline ? "of the baseline" : "typical"
    let count = study.configurations.count
    let slow = cases.first { $0.rates.slowNights > 0 }?.rates
    let fixed = cases.first { $0.alarmLimit == nil }?.rates.worstBaseline ?? 0
    let mean = Summary(study.configurations.flatMap { $0.trials.compactMap { $0.values[metric] } })?.mean ?? 0
    var notes = [
      "\(NumberText.count(cases.first?.rates.nights ?? 0)) nights of each kind, compared by the rules of this program: "
        + "\(counted(count, "configuration")) with \(counted(seeds.max() ?? 0, "seed")), spreads \(source) "
        + "(half of them above \(size(simulation.deviation)) between seeds\(simulation.hasSpread ? "" : ": assumed, one seed has none")), \(metric.name), tolerance "
        + "\(size(simulation.limit.tolerance.value([mean]))).",
      "False alarms: nights on which a configuration that had lost nothing was said to be worse or collapsed; at most "
        + "\(NumberText.percent(simulation.alpha + 0.005)). With one baseline kept, they depend on how lucky that baseline "
        + "was: \(percent(fixed)) of the nights for the unluckiest one.",
      "Planted and seen: nights on which what was planted was said to be worse or collapsed. Undecided: nights that end with exit "
        + "code 4, because a measured loss exceeds the tolerance and is not shown to be more than chance: red too where a job "
        + "takes any other code than 0 for it. More seeds, or a larger tolerance, make them rarer.",
      "Smallest loss seen: the smallest that is said to be worse four times in five; it is what was planted.",
      "Only the rounding differs: the same seeds, whose scores move by a fifth of what lies between seeds, as after a "
        + "change of compiler or processor.",
    ]
    if let slow {
      notes.append(
        "Speeds are judged by the tolerance of 10 % alone: where nights differ by 8 %, \(percent(Double(slow.slowNights) / Double(max(1, slow.nights)))) "
          + "of them have one that is called worse. Name a time in the policy only where the machine is quiet.")
    }
    return AlignedText.render([
      Section(id: "self-test", title: "", blocks: [.table(Table(columns: columns, rows: rows)), .list(notes)])
    ])
  }
}
