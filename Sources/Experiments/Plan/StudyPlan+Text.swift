import Architectures
import Presentation

extension StudyPlan {
  /// One row per configuration: label, network, cost, trials.
  package var table: Table { table(of: rows[...], showsMemory: rows.contains { $0.peakBytes != nil }) }

  /// The same for programs, with the hash of each configuration.
  package var programTable: Table {
    var table = table
    table.columns.append(.init("hash"))
    for (index, row) in rows.enumerated() { table.rows[index].append(.init(value: .string(row.hash))) }
    return table
  }

  private func table(of shown: ArraySlice<Row>, showsMemory: Bool) -> Table {
    let showsStates = rows.contains { $0.done != nil }
    var table = Table(
      [
        .init("configuration", name: "label"), .init("parameters", isNumeric: true),
        .init("multiply-adds", isNumeric: true, name: "multiply_adds"),
        .init("batch", isNumeric: true, name: "batch_size"), .init("iterations", isNumeric: true),
        .init("epochs", isNumeric: true), .init("trials", isNumeric: true),
      ] + (showsMemory ? [.init("memory", isNumeric: true, name: "peak_bytes")] : [])
        + (showsStates ? ["done", "diverged", "running", "failed", "missing"].map { .init($0, isNumeric: true) } : []))
    table.rows = shown.map { row in
      let network = networks[row.network]
      return [
        .name(row.label), .count(network.parameters), .count(network.multiplyAdds), .count(row.batchSize),
        .count(row.iterations), .number(row.epochs, epochText), .count(row.trials),
      ]
        + (showsMemory
          ? [row.peakBytes.map { .init(NumberText.bytes($0), value: .integer($0)) } ?? .init("", value: .null)] : [])
        + (showsStates
          ? [row.done, row.diverged, row.running, row.failed, row.missing].map { .count(orEmpty: $0) } : [])
    }
    return table
  }

  /// The plan as people read it.
  ///
  /// - Parameters:
  ///   - configurations: rows of the table that are printed.
  ///   - networks: networks whose layers are printed.
  package func text(configurations: Int = 1_000, networks shown: Int = 6) -> String {
    let (name, title) = (PlainText.shortened(name, to: 100), PlainText.shortened(title, to: 100))
    var text = title.isEmpty ? "\(name)\n" : "\(name): \(title)\n"
    text += "\(counted(rows.count, "configuration")) × \(counted(seeds.count, "seed")) = \(counted(trials, "trial")), "
    text += "\(rows.contains(where: \.stopsEarly) ? "at most " : "")\(counted(iterations, "iteration"))\n\n"
    // Where all take the same, a line below says how much.
    let sizes = Set(rows.compactMap(\.peakBytes))
    text += table(of: rows.prefix(configurations), showsMemory: sizes.count > 1).text()
    if rows.count > configurations { text += "… and \(NumberText.count(rows.count - configurations)) more\n" }
    text += sharedText
    for (index, network) in networks.prefix(shown).enumerated() {
      text += "\n\(heading(of: network, index))\n\(network.table.text(indent: "  "))"
    }
    if networks.count > shown { text += "\n… and \(NumberText.count(networks.count - shown)) more networks\n" }
    if !notes.isEmpty || !warnings.isEmpty { text += "\n" }
    text += notes.map { $0 + "\n" }.joined()
    text += warnings.map { "note: \($0)\n" }.joined()
    return text
  }

  /// What all share, but for what the table has columns for.
  private var sharedText: String {
    let facts = shared.filter { !["Batch size", "Length"].contains($0.name) }
    guard !facts.isEmpty else { return "" }
    var table = Table([.init(""), .init("")])
    table.rows = facts.map { [.init($0.name), .name($0.value)] }
    return "\n" + table.text(limit: 1_000)
  }

  private func heading(of network: Network, _ index: Int) -> String {
    var others = 0
    for row in rows where row.network == index { others += 1 }
    return PlainText.shortened(network.label, to: 100)
      + (others > 1 ? " (and \(NumberText.count(others - 1)) more with the same layers)" : "")
  }

  private func epochText(_ epochs: Double) -> String {
    epochs == epochs.rounded() ? NumberText.count(Int(epochs)) : "\((epochs * 100).rounded() / 100)"
  }
}

extension StudyPlan.Network {
  /// One row per layer, and a last one for the whole.
  package var table: Table {
    var table = Table([
      .init("layer"), .init("output"), .init("parameters", isNumeric: true), .init("multiply-adds", isNumeric: true),
      .init("options"),
    ])
    table.rows = layers.map { layer -> [Table.Cell] in
      let parameters = layer.parameters.reduce(0) { $0 + $1.count }
      let frozen = layer.layer.trainable ? "" : "frozen"
      let options = [layer.layer.optionText, frozen].filter { !$0.isEmpty }.joined(separator: ", ")
      return [
        .name(layer.layer.name.map { "\(layer.title) \($0)" } ?? layer.title), .name(layer.output.description),
        .count(orEmpty: parameters), .count(orEmpty: layer.multiplyAdds), .name(options),
      ]
    }
    table.rows.append(["total", "", .count(parameters), .count(multiplyAdds), ""])
    return table
  }
}
