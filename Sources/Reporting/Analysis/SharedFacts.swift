import Architectures
import Experiments
import Presentation

extension RankedStudy {
  /// What holds for every configuration, in the order in which people ask for it.
  var sharedFacts: [Fact] {
    let facts = configurations.map(\.record.configuration.facts)
    return facts.isEmpty ? [] : Fact.shared(by: facts) + [Fact(name: "Seeds", value: seedsText)]
  }

  /// What sets the networks apart and is not said by what varies: layers, channels, kernels, by configuration.
  var differingNetworkFacts: [(name: String, values: [String?])] {
    let all = configurations.map { configuration in
      (configuration.record.configuration.resolved?.architecture).map { $0.facts + $0.ownFacts } ?? []
    }
    // `kernel_size` says it of "Kernel", `hidden` of what is fully connected.
    let paths = record.axes.map(\.path) + (configurations.first?.record.configuration.settings.map(\.path) ?? [])
    let said = paths.map { $0.split(separator: ".").last.map(String.init) ?? "" }
    var names: [String] = []
    for fact in all.joined() where !names.contains(fact.name) { names.append(fact.name) }
    return names.compactMap { name in
      let values = all.map { facts in facts.first { $0.name == name }?.value }
      let isSaid =
        said.contains { $0.hasPrefix(name.lowercased()) } || (name == "Fully connected" && said.contains("hidden"))
      return Set(values).count > 1 && !isSaid ? (name, values) : nil
    }
  }

  private var seedsText: String {
    let seeds = seeds
    let isRun = seeds.count > 2 && zip(seeds, seeds.dropFirst()).allSatisfy { $1 == $0 &+ 1 }
    if isRun, let first = seeds.first, let last = seeds.last { return "\(first) to \(last)" }
    return listed(seeds.map(String.init))
  }
}

extension RecordedConfiguration {
  /// What is worth saying of the network, the data and the training; nothing of what another program trained.
  var facts: [Fact] { trainable.map { $0.resolved.architecture.facts + $0.recipe } ?? [] }
}
