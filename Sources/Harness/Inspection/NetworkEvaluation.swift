import Architectures
import Datasets
import Experiments
import Foundation
import Presentation
import Training

/// Given weights, evaluated in a network on its validation and test examples; nothing is stored.
package struct NetworkEvaluation: Printable, Sendable {
  /// The configuration's label, with the seed or the weight file.
  package let title: String
  /// The trial whose configuration it is; `nil` for that of a grid or a preset.
  package let trial: String?
  /// The weight file that was named; `nil` for a trial's own weights.
  package let weights: String?
  /// The scores; where they are a trial's own weights, those of its last evaluation to the bit.
  package let scores: WeightScores
  private let metrics: [ClassificationScore]
  private let data: DatasetDescription

  /// Loads data and weights, and evaluates.
  ///
  /// - Parameter threads: threads inside the network; they change no number.
  /// - Throws: ``OperationalError`` where the data is not that which the trial was trained on, or where it kept no weights;
  ///   ``UsageError`` where the weights do not fit.
  package init(
    _ subject: PictureSubject, threads: Int = ProcessInfo.processInfo.activeProcessorCount
  ) throws {
    let dataset = try subject.dataset()
    scores = try WeightScores(of: subject.configuration, on: dataset, threads: threads, load: subject.load)
    (title, trial, weights) = (subject.title, subject.trial, subject.weightFile)
    (metrics, data) = (subject.configuration.metrics, dataset.description)
  }

  /// One row per set of examples.
  package var printout: Printout {
    Printout(
      table, programs: programTable, json: json, own: [.text: { "\(PlainText.oneLine(title))\n\n\(table.text())" }])
  }

  /// Validation and test, as far as there are examples.
  private var rows: [(split: ScoredSplit, examples: Int, score: Score)] {
    [(.validation, data.validationCount, scores.validation), (.test, data.testCount, scores.test)].compactMap {
      split, examples, score in score.map { (split, examples, $0) }
    }
  }

  private var table: Table {
    let columns =
      [Table.Column("examples", isNumeric: true), .init("loss", isNumeric: true), .init("accuracy", isNumeric: true)]
      + metrics.map { .init($0.title, isNumeric: true) }
    var table = Table([.init("")] + columns)
    table.rows = rows.map { split, examples, score in
      [
        .init(split.rawValue), .count(examples), .number(score.loss) { NumberText.fixed($0, 5) },
        .number(score.accuracy, TerminalText.percent),
      ] + metrics.map { .number(score.metrics[$0], TerminalText.percent) }
    }
    return table
  }

  private var programTable: Table {
    var table = Table(
      (["label", "trial", "weights", "split", "examples", "loss", "accuracy"] + metrics.map(\.name)).map { .init($0) })
    table.rows = rows.map { split, examples, score in
      let values: [JSONValue] =
        [
          .string(title), .optional(trial), .optional(weights), .string(split.rawValue), .integer(examples),
          .double(score.loss), .optional(score.accuracy),
        ] + metrics.map { .optional(score.metrics[$0]) }
      return values.map { .init(value: $0) }
    }
    return table
  }

  private var json: JSONValue {
    let parts = rows.map { split, examples, score in
      JSONValue.Member(
        split.rawValue,
        .object(
          [
            .init("examples", .integer(examples)), .init("loss", .double(score.loss)),
            .init("accuracy", .optional(score.accuracy)),
          ] + metrics.map { .init($0.name, .optional(score.metrics[$0])) }))
    }
    return .object(
      [
        .init("schema", 1), .init("label", .string(title)), .init("trial", .optional(trial)),
        .init("weights", .optional(weights)),
      ] + parts)
  }
}
