import Dispatch
import Statistics
import Synchronization

/// Nights as they never were: a study trained twice with fresh noise and compared, over and over, to measure how often
/// the comparison cries wolf and how often it sees one.
public struct GateSimulation: Sendable, Hashable {
  /// Configurations of the study.
  public var configurations: Int
  /// Seeds a configuration.
  public var seeds: Int
  /// Standard deviation of a trial's accuracy over seeds, the same on both sides.
  public var deviation: Double
  /// How many times as much the last configuration varies.
  public var noisyNeighbour: Double
  /// The loss of accuracy that is not minded.
  public var tolerance: Double
  /// What the first configuration's accuracy loses.
  public var plantedLoss: Double
  /// The largest corrected p that is called a loss.
  public var alpha: Double

  /// Creates a simulation; all accuracies are shares, so that 0.0015 is 0.15 points.
  public init(
    configurations: Int, seeds: Int = 6, deviation: Double = 0.0015, noisyNeighbour: Double = 1,
    tolerance: Double = 0.005, plantedLoss: Double = 0, alpha: Double = 0.05
  ) {
    (self.configurations, self.seeds, self.deviation) = (configurations, seeds, deviation)
    (self.noisyNeighbour, self.tolerance, self.plantedLoss) = (noisyNeighbour, tolerance, plantedLoss)
    self.alpha = alpha
  }

  /// What was counted.
  public struct Rates: Sendable, Hashable {
    /// Simulated nights.
    public var nights = 0
    /// Nights on which a configuration that had lost nothing was said to have regressed.
    public var falseAlarms = 0
    /// Nights on which the planted loss was seen.
    public var detections = 0

    /// Share of the nights with a false alarm.
    public var falseAlarmRate: Double { Double(falseAlarms) / Double(max(1, nights)) }
    /// Share of the nights on which the planted loss was seen.
    public var detectionRate: Double { Double(detections) / Double(max(1, nights)) }
  }

  /// Simulates so many nights, on all cores. The same seed gives the same counts.
  public func rates(nights: Int, seed: UInt64 = 0) -> Rates {
    let total = Mutex(Rates())
    let chunk = 50
    DispatchQueue.concurrentPerform(iterations: (nights + chunk - 1) / chunk) { index in
      var rates = Rates()
      for night in (index * chunk)..<min(nights, (index + 1) * chunk) {
        let regressed = regressions(night: UInt64(night), seed: seed)
        rates.nights += 1
        if plantedLoss > 0, regressed.contains(0) { rates.detections += 1 }
        if regressed.contains(where: { plantedLoss == 0 || $0 != 0 }) { rates.falseAlarms += 1 }
      }
      let sum = rates
      total.withLock {
        $0.nights += sum.nights
        $0.falseAlarms += sum.falseAlarms
        $0.detections += sum.detections
      }
    }
    return total.withLock { $0 }
  }

  /// The configurations that are said to have regressed on a night.
  private func regressions(night: UInt64, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: (seed &* 0x9E37_79B9_7F4A_7C15) ^ (night &* 0xD134_2543_DE82_EF95 &+ 1))
    let baseline = study(loss: 0, using: &generator)
    let candidate = study(loss: plantedLoss, using: &generator)
    let policy = ComparisonPolicy(
      limits: [ComparisonPolicy.Limit(.testAccuracy, .absolute(tolerance))], alpha: alpha)
    let rows = StudyComparison(baseline: baseline, candidate: candidate, policy: policy).rows
    return rows.indices.filter { rows[$0].verdict == .regressed }
  }

  private func study(loss: Double, using generator: inout SeededGenerator) -> StudyResults {
    StudyResults(
      study: "simulated", revision: 1, commit: nil,
      configurations: (0..<configurations).map { index in
        let spread = deviation * (index > 0 && index == configurations - 1 ? noisyNeighbour : 1)
        let center = 0.96 - (index == 0 ? loss : 0)
        return StudyResults.Configuration(
          label: "\(index)", hash: "\(index)", dataDigest: "",
          trials: (0..<seeds).map { seed in
            StudyResults.Trial(
              seed: UInt64(seed), state: .done, values: [.testAccuracy: center + spread * generator.nextNormal()])
          })
      })
  }
}

/// The nights by which the gate is judged, and what came of them.
public struct GateSelfTest: Sendable {
  /// A simulation with its counts.
  public struct Case: Sendable {
    /// What was simulated.
    public var simulation: GateSimulation
    /// What was counted.
    public var rates: GateSimulation.Rates
    /// The share of false alarms that is allowed.
    public var falseAlarmLimit: Double
    /// The share of detections that is asked for; `nil` where none is.
    public var detectionGoal: Double?

    /// Whether the false alarms are more than chance gives one time in a thousand where the limit is just kept.
    var hasTooManyAlarms: Bool {
      Binomial.upperTail(rates.falseAlarms, of: rates.nights, probability: falseAlarmLimit) < 0.001
    }
    /// Whether the detections are fewer than chance gives one time in a thousand where the goal is just met.
    var hasTooFewDetections: Bool {
      guard let detectionGoal else { return false }
      let misses = rates.nights - rates.detections
      return Binomial.upperTail(misses, of: rates.nights, probability: 1 - detectionGoal) < 0.001
    }

    /// Whether the counts are as they must be, as far as so many nights can tell.
    public var holds: Bool { !hasTooManyAlarms && !hasTooFewDetections }
  }

  /// All simulations, in order.
  public let cases: [Case]

  /// Whether all of them are as they must be.
  public var holds: Bool { cases.allSatisfy(\.holds) }

  /// Simulates; `nights` of each kind.
  ///
  /// Each size without a loss, at the tolerance and with none (which shows the test by itself); with losses of half,
  /// one and a half and two tolerances; and with two tolerances beside a configuration ten times as noisy.
  public init(sizes: [Int] = [3, 12, 48], nights: Int = 5000, seed: UInt64 = 0) {
    cases = sizes.flatMap { size -> [Case] in
      let quiet = GateSimulation(configurations: size)
      var bare = quiet
      bare.tolerance = 0
      let losses = [(0.5, nil), (1.5, nil), (2, 0.95)].map { (factor, goal: Double?) in
        var lossy = quiet
        lossy.plantedLoss = factor * quiet.tolerance
        return (lossy, goal)
      }
      var loud = quiet
      (loud.noisyNeighbour, loud.plantedLoss) = (10, 2 * quiet.tolerance)
      return ([(quiet, nil), (bare, nil)] + losses + [(loud, nil)]).map { simulation, goal in
        Case(
          simulation: simulation, rates: simulation.rates(nights: nights, seed: seed),
          falseAlarmLimit: simulation.alpha, detectionGoal: goal)
      }
    }
  }

  /// The counts as a table for a terminal.
  public var text: String {
    let columns = ["Configurations", "Planted loss", "Tolerance", "Noisiest", "Nights", "False alarms", "Detected", ""]
      .enumerated().map { Table.Column(title: $1, alignment: $0 < 7 ? .right : .left) }
    let rows = cases.map { entry in
      let simulation = entry.simulation
      return [
        Table.Cell("\(simulation.configurations)"), Table.Cell(NumberText.fixed(simulation.plantedLoss * 100, 2)),
        Table.Cell(NumberText.fixed(simulation.tolerance * 100, 2)),
        Table.Cell("× \(NumberText.exact(simulation.noisyNeighbour))"),
        Table.Cell(NumberText.count(entry.rates.nights)),
        Table.Cell("\(NumberText.fixed(entry.rates.falseAlarmRate * 100, 2)) %"),
        Table.Cell(
          simulation.plantedLoss > 0 ? "\(NumberText.fixed(entry.rates.detectionRate * 100, 2)) %" : NumberText.none),
        Table.Cell(entry.hasTooManyAlarms ? "too many" : entry.hasTooFewDetections ? "too few" : ""),
      ]
    }
    let sample = cases.first?.simulation
    let notes = [
      "A night trains a study twice with fresh noise and compares: \(sample?.seeds ?? 0) seeds, a standard deviation "
        + "of \(NumberText.fixed((sample?.deviation ?? 0) * 100, 2)) points a trial. Losses and tolerances in points.",
      "False alarms: nights on which any configuration without a planted loss is said to have regressed; at most "
        + "\(NumberText.percent(sample?.alpha ?? 0)) over the whole table. With a tolerance of 0 that rests on the "
        + "corrected p alone.",
      "Detected: nights on which the planted loss is said to be a regression; at least 95 % for 1 point.",
      "Noisiest: one other configuration varies so many times as much as the rest.",
      "Too many or too few: so far from what is allowed as chance gives less than one time in a thousand.",
    ]
    return TextForm.render([
      Section(id: "self-test", title: "", blocks: [.table(Table(columns: columns, rows: rows)), .list(notes)])
    ])
  }
}
