import Comparing
import Experiments
import Presentation
import Statistics

/// The joint effect of two axes, as a table beside the heat map.
enum InteractionSection {
  private static let (mostRows, mostColumns) = (16, 10)

  static func section(_ analysis: StudyAnalysis) -> Section? {
    guard let interaction = analysis.interaction else { return nil }
    let metric = analysis.metric
    let paths = analysis.record.axes.map(\.path)
    func name(_ path: String) -> String { shortName(path, among: paths) }
    func text(_ value: String, _ axis: Axis) -> String { analysis.names.text(of: value, of: axis.path) }
    let (first, second) = (name(interaction.first.path), name(interaction.second.path))
    var blocks: [Section.Block] = [.paragraph(sentence(interaction, analysis, first: first, second: second))]
    if interaction.first.values.count <= mostRows, interaction.second.values.count <= mostColumns {
      let columns =
        [Table.Column(title: "\(first) ╲ \(second)")]
        + interaction.second.values.map { Table.Column(title: text($0, interaction.second), alignment: .right) }
      let rows = zip(interaction.first.values, interaction.cells).map { value, cells in
        [Table.Cell(text(value, interaction.first))]
          + cells.map { cell in
            let interval = cell.interval.map { " \(metric.differenceText($0))" }
            return Table.Cell(metric.difference(cell.departure) + (interval ?? ""))
          }
      }
      blocks.append(.table(Table(columns: columns, rows: rows)))
    }
    let unit = metric.differenceUnit.isEmpty ? "" : ", in \(metric.differenceUnit)"
    var note =
      "How far each cell of the heat map lies from what the two effects by themselves add up to\(unit), with "
      + "\(analysis.confidenceText) intervals over \(interaction.seeds) seeds that hold for all cells at once."
    if interaction.settingsAveraged > 1 {
      note += " Averaged over the \(interaction.settingsAveraged) settings of the other axes."
    }
    note += " p: two-sided sign-flip test of all departures together, the signs flipped jointly by seed; one test."
    blocks.append(.paragraph(note))
    if !interaction.leftOut.isEmpty {
      let values = interaction.leftOut.map { "\(name($0.path)) \(analysis.names.text(of: $0.value, of: $0.path))" }
      blocks.append(
        .paragraph("Left out, because scores are missing there: \(listed(values, limit: 5, separator: "; "))."))
    }
    return Section(id: "interaction", title: "Interaction of \(first) and \(second)", blocks: blocks)
  }

  private static func sentence(
    _ interaction: AxisInteraction, _ analysis: StudyAnalysis, first: String, second: String
  ) -> String {
    let metric = analysis.metric
    let unit = metric.differenceUnit.isEmpty ? "" : " \(metric.differenceUnit)"
    let size = metric.difference(interaction.size).replacing("+", with: "") + unit
    guard let farthest = interaction.farthest else {
      return "The effects of \(first) and \(second) add up exactly."
    }
    let most =
      "most at \(first) \(analysis.names.text(of: farthest.first, of: interaction.first.path)) with \(second) "
      + "\(analysis.names.text(of: farthest.second, of: interaction.second.path)): \(metric.difference(farthest.cell.departure))\(unit)"
    let smallest = JointSignFlip.smallestP(seeds: interaction.seeds)
    let alpha = analysis.options.alpha
    let verdict: String
    if interaction.p <= alpha {
      verdict = "What \(second) does depends on \(first)"
    } else if smallest > alpha {
      verdict = "\(counted(interaction.seeds, "seed")) can't tell whether what \(second) does depends on \(first)"
    } else {
      verdict = "It is not shown that what \(second) does depends on \(first)"
    }
    return
      "\(verdict) (p \(NumberText.p(interaction.p))): the cells lie \(size) (root mean square) from the sum of both "
      + "effects, \(most)."
  }
}
