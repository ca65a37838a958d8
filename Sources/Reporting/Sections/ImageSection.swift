import Comparing
import Presentation
import Statistics

/// The uncertainty that comes from the test images beside that from the seeds.
enum ImageSection {
  static func section(_ analysis: StudyAnalysis) -> Section? {
    guard let uncertainty = analysis.imageUncertainty else { return nil }
    let metric = analysis.metric
    func points(_ error: Double) -> String { NumberText.fixed(error * metric.scale, 2) }
    let rows = uncertainty.entries.map { entry in
      [
        Table.Cell(entry.first.label + (entry.second.map { " − \($0.label)" } ?? "")),
        Table.Cell(entry.second == nil ? metric.text(entry.value) : metric.difference(entry.value)),
        Table.Cell(points(entry.seedError)), Table.Cell(points(entry.imageError)),
        Table.Cell(entry.second == nil ? metric.text(entry.interval) : metric.differenceText(entry.interval)),
      ]
    }
    let columns = [
      Table.Column(title: ""), Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
      Table.Column(title: "Error from seeds", alignment: .right),
      Table.Column(title: "Error from images", alignment: .right),
      Table.Column(title: "\(analysis.confidenceText) interval", alignment: .right),
    ]
    var notes = [
      "All that stands above is for these \(NumberText.count(uncertainty.images)) test images. Here the intervals are for "
        + "other seeds and other images like these: standard errors of the mean in points, from the spread between "
        + "seeds and from which images each trial got right. Intervals of differences hold for all pairs at once.",
      "The training images are the same throughout, and what another choice of them would change is not in here.",
    ]
    let undecided = uncertainty.entries.filter { entry in
      guard let second = entry.second, entry.interval.contains(0) else { return false }
      return analysis.pairs.contains {
        $0.first.index == entry.first.index && $0.second.index == second.index
          && ($0.p ?? 1) <= analysis.options.alpha
      }
    }
    if !undecided.isEmpty {
      let names = undecided.map { "\($0.first.label) and \(($0.second ?? $0.first).label)" }
      notes.append(
        "Told apart on these images, but not on other images like them: \(listed(names, limit: 5, separator: "; ")).")
    }
    return Section(
      id: "images", title: "Other seeds, other test images",
      blocks: [.table(Table(columns: columns, rows: rows)), .list(notes)])
  }
}
