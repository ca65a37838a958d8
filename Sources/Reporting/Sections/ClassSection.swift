import Comparing
import Experiments
import Presentation
import Statistics

/// The accuracy of each class, for a few configurations and classes.
enum ClassSection {
  private static let mostClasses = 26

  static func section(_ analysis: StudyAnalysis) -> Section? {
    // The matrices are of the last evaluation.
    guard analysis.options.at == .last, analysis.configurations.count <= RankedStudy.fewConfigurations else {
      return nil
    }
    let classes = analysis.configurations.first?.record.configuration.dataset?.classes ?? []
    guard (2...mostClasses).contains(classes.count) else { return nil }
    let matrices = analysis.configurations.map { row in
      row.trials.filter { row.scores[$0.record.seed] != nil }.compactMap { trial -> ConfusionMatrix? in
        guard let counts = trial.record.result?.confusion, counts.count == classes.count,
          counts.allSatisfy({ $0.count == classes.count })
        else { return nil }
        return ConfusionMatrix(classes: classes, counts: counts)
      }
    }
    guard matrices.contains(where: { !$0.isEmpty }) else { return nil }
    let metric = Metric(split: .test, kind: .accuracy, lossUnit: "")
    let names = PlainText.distinct(classes, limit: 24)
    var rows = classes.indices.map { truth in
      [Table.Cell(names[truth])]
        + matrices.map {
          Table.Cell(Summary($0.compactMap { $0.accuracy(of: truth) }).map(metric.text) ?? NumberText.none)
        }
    }
    rows.append(
      [Table.Cell("most often confused")]
        + matrices.map { matrices in Table.Cell(confused(matrices, names) ?? NumberText.none) })
    let columns =
      [Table.Column(title: "Class")]
      + analysis.configurations.map { Table.Column(title: $0.label, alignment: .right) }
    return Section(
      id: "classes", title: "Classes",
      blocks: [
        .table(Table(columns: columns, rows: rows)),
        .paragraph(
          "Share of each class's test images that were recognised (%) at the last evaluation: mean ± standard deviation "
            + "over seeds. Below, the three confusions that are most frequent over all seeds, with their mean number a "
            + "trial. No tests: with so many classes some difference looks large by chance."),
      ])
  }

  /// `4 as 9 (23)` of the matrices' sum.
  private static func confused(_ matrices: [ConfusionMatrix], _ names: [String]) -> String? {
    guard let first = matrices.first else { return nil }
    let counts = first.counts.indices.map { row in
      first.counts.indices.map { column in matrices.reduce(0) { $0 + $1.counts[row][column] } }
    }
    let most = ConfusionMatrix(classes: first.classes, counts: counts).confusions.prefix(3)
    let texts = most.map { confusion in
      let mean = Double(confusion.count) / Double(matrices.count)
      return
        "\(names[confusion.truth]) as \(names[confusion.guess]) (\(NumberText.significant(mean, mean < 10 ? 2 : 3)))"
    }
    return texts.isEmpty ? nil : texts.joined(separator: ", ")
  }
}
