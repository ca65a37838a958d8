import Architectures
import Presentation

/// What a study will train, before it does.
package struct StudyPlan: Sendable {
  /// One configuration of the study.
  package struct Row: Sendable {
    /// The configuration's label.
    package var label: String
    /// The configuration's hash.
    package var hash: String
    /// Its place in ``StudyPlan/networks``.
    package var network: Int
    /// Trials, one per seed.
    package var trials: Int
    /// Training steps of one trial.
    package var iterations: Int
    /// Times through the training set, of one trial; fractions included.
    package var epochs: Double
    /// Examples a training step.
    package var batchSize: Int
    /// Whether a trial may make fewer steps than ``iterations``.
    package var stopsEarly = false
    /// The most memory that one trial takes beside the data, in bytes; `nil` where nobody added it up.
    package var peakBytes: Int?
    /// Trials that are done already; `nil` where nobody asked the store.
    package var done: Int?
    /// Trials that ran to their end, but whose loss became NaN or infinite.
    package var diverged = 0
    /// Trials that are at work now.
    package var running = 0
    /// Trials that ended by an error.
    package var failed = 0

    /// Trials that are still to be trained and nobody is at; `nil` where nobody asked the store.
    package var missing: Int? { done.map { max(0, trials - $0 - diverged - running - failed) } }
  }

  /// A network that one or several configurations train.
  package struct Network: Sendable {
    /// The label of the first configuration that trains it.
    package var label: String
    /// Its layers with their shapes.
    package var layers: [ResolvedLayer]
    /// Values that it learns, frozen ones included.
    package var parameters: Int
    /// Values that are frozen.
    package var frozen: Int
    /// Multiplications with an addition in one forward pass of one example.
    package var multiplyAdds: Int
  }

  /// The study's name.
  package var name: String
  /// Its one line; may be empty.
  package var title: String
  /// What varies.
  package var axes: [Axis]
  /// The replicates.
  package var seeds: [UInt64]
  /// What all configurations share of data and training; empty for more than 1,000 configurations.
  package let shared: [Fact]
  /// The configurations, in file order.
  package var rows: [Row]
  /// The networks, in the order in which they are first trained.
  package var networks: [Network]
  /// Points of the grid that are the same as an earlier one.
  package var collapsed: [CollapsedPoint]
  /// What a command adds: time to come, disk to come. One line each, under the tables.
  package var notes: [String] = []
  /// What a command adds: what can't be trained here. One line each, before the other ``warnings``.
  package var obstacles: [String] = []
  /// What a command adds: seconds until all is trained; `nil` where it is not known.
  package var secondsToCome: Double?

  /// Plans a study.
  ///
  /// - Complexity: linear in the number of configurations; a network is resolved once.
  package init(_ study: Study) {
    (name, title, axes, seeds) = (study.name, study.title, study.axes, study.seeds)
    collapsed = study.collapsed
    shared = Self.shared(by: study.configurations)
    var networks: [Network] = []
    var label = ""
    var numbers = NetworkCache { (architecture: Architecture) in
      networks.append(Network(label: label, architecture))
      return networks.count - 1
    }
    rows = zip(study.configurations, study.configurationHashes()).map { point, hash in
      label = point.label
      let training = point.resolved.training
      let examples = max(1, point.dataset.trainCount)
      let iterations = training.iterations(examples: examples)
      return Row(
        label: point.label, hash: hash, network: numbers[point.resolved.architecture], trials: study.seeds.count,
        iterations: iterations,
        epochs: Double(iterations) / Double(training.iterationsPerEpoch(examples: examples)),
        batchSize: training.batchSize, stopsEarly: training.earlyStopping != nil)
    }
    self.networks = networks
  }

  /// Configurations up to which a plan says what all of them share.
  private static let mostCompared = 1_000

  private static func shared(by configurations: [StudyConfiguration]) -> [Fact] {
    guard configurations.count <= mostCompared else { return [] }
    return Fact.shared(by: configurations.map(\.recipe))
  }

  /// Trials in all.
  package var trials: Int { rows.reduce(0) { $0 + $1.trials } }

  /// Training steps in all; fewer where training ends early.
  package var iterations: Int { rows.reduce(0) { $0 + $1.trials * $1.iterations } }

  /// With fewer seeds than these a report tests nothing.
  package static let fewestSeeds = 4

  /// What to know before the study is run: too few seeds, points that are the same.
  package var warnings: [String] {
    var warnings = obstacles
    if rows.count > 1, seeds.count < Self.fewestSeeds {
      warnings.append(
        "\(counted(seeds.count, "seed")) can't decide anything: a report tests nothing with fewer than \(Self.fewestSeeds), and --detect says how "
          + "many a difference needs")
    }
    if !collapsed.isEmpty {
      let shown = listed(collapsed.map { "\(quoted($0.label)) is \(quoted($0.original))" }, limit: 3)
      let points = "\(counted(collapsed.count, "point")) \(collapsed.count == 1 ? "is" : "are")"
      warnings.append(
        "\(points) the same as an earlier one and trained once: \(shown)")
    }
    return warnings
  }
}

extension StudyPlan.Network {
  init(label: String, _ architecture: Architecture) {
    // The expander resolved it before, so that it resolves.
    let layers = (try? architecture.resolved()) ?? []
    func count(_ layers: [ResolvedLayer]) -> Int { layers.flatMap(\.parameters).reduce(0) { $0 + $1.count } }
    self.init(
      label: label, layers: layers, parameters: count(layers), frozen: count(layers.filter { !$0.layer.trainable }),
      multiplyAdds: layers.reduce(0) { $0 + $1.multiplyAdds })
  }
}
