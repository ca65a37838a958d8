import Presentation

/// What the short names of the configurations stand for.
enum NamesSection {
  /// The parts of a name in words, and each name beside its configuration in full; `nil` where the names are the labels.
  ///
  /// - Parameters:
  ///   - limit: rows at most.
  ///   - isBrief: whether the words are enough where nothing was shortened.
  static func section(_ analysis: StudyAnalysis, limit: Int, isBrief: Bool = false) -> Section? {
    let names = analysis.names
    let rows = analysis.configurations.filter { $0.label != PlainText.oneLine($0.record.configuration.label) }
    guard !rows.isEmpty else { return nil }
    var blocks: [Section.Block] = names.meaning.map { [.paragraph($0)] } ?? []
    if names.isShortened || !isBrief {
      let columns = [Table.Column(title: "Name"), Table.Column(title: "Configuration")]
      let cells = rows.prefix(limit).map { [Table.Cell($0.label), Table.Cell($0.record.configuration.label)] }
      blocks.append(.table(Table(columns: columns, rows: cells)))
      if rows.count > limit {
        blocks.append(.paragraph("\(NumberText.count(rows.count - limit)) more are in results.csv."))
      }
    }
    return Section(id: "names", title: "Names", blocks: blocks)
  }
}
