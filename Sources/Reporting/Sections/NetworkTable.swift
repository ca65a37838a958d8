import Presentation

/// The differences between the networks of many configurations.
enum NetworkTable {
  /// The networks of many configurations, each once, where what varies does not say by itself how they differ.
  static func table(_ analysis: StudyAnalysis, limit: Int = 12) -> Table? {
    let facts = analysis.differingNetworkFacts
    guard !facts.isEmpty else { return nil }
    var order: [[String]] = []
    var rows: [[String]: [ConfigurationAnalysis]] = [:]
    for row in analysis.configurations {
      let network = facts.map { $0.values[row.index] ?? NumberText.none }
      if rows[network] == nil { order.append(network) }
      rows[network, default: []].append(row)
    }
    let columns =
      facts.map { Table.Column(title: $0.name) }
      + ["Parameters", "Configurations"].map { Table.Column(title: $0, alignment: .right) }
    let shown = order.prefix(limit).map { network in
      let members = rows[network] ?? []
      let sizes = members.compactMap(\.record.parameters)
      let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
      let size = least == most ? NumberText.count(least) : "\(NumberText.count(least)) to \(NumberText.count(most))"
      return network.map { Table.Cell($0) } + [Table.Cell(size), Table.Cell(NumberText.count(members.count))]
    }
    let rest = order.count - shown.count
    let more = Table.Cell("and \(NumberText.count(rest)) more")
    return Table(
      columns: columns,
      rows: shown + (rest > 0 ? [[more] + columns.dropFirst().map { _ in Table.Cell("") }] : []))
  }
}
