import Datasets
import Foundation
import Pictures
import Presentation

/// A test image that was taken for another class than its own.
struct Mistake: Sendable, Hashable {
  /// Which test image.
  let index: Int
  /// Its class.
  let truth: Int
  /// The class that it was taken for.
  let guess: Int
  /// How sure the network was, in [0, 1] but for networks that were trained with the squared error.
  let confidence: Float
}

extension TrainedNetwork {
  /// The misclassified test images, the most confident mistakes first.
  func mistakes() throws -> [Mistake] {
    guard isClassifier else {
      throw UsageError("--mistakes: \(subject.title) reconstructs its input, it guesses no class")
    }
    return scores().enumerated().compactMap { index, scores in
      let truth = Int(dataset.test.labels[index])
      let scores = Array(scores)
      // As the evaluation does: the first of equal ones; NaN is never the largest.
      var guess = 0
      for place in scores.indices where scores[place] > scores[guess] { guess = place }
      return guess == truth ? nil : Mistake(index: index, truth: truth, guess: guess, confidence: scores[guess])
    }.sorted { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
  }

  /// Mistakes as a sheet of pictures with truth, guess and confidence.
  func sheet(of mistakes: [Mistake], limit: Int, columns: Int = 10) -> PictureSheet {
    let shown = mistakes.prefix(limit)
    let cells = shown.map { mistake in
      PictureSheet.Cell(
        Picture(of: dataset.test, at: mistake.index),
        caption: "\(classes[mistake.truth])\n→ \(classes[mistake.guess])\n"
          + (subject.configuration.loss.comparesValues
            ? "score \(NumberText.fixed(Double(mistake.confidence), 2))"
            : "\(NumberText.fixed(Double(mistake.confidence * 100), 1)) %"))
    }
    let rows = stride(from: 0, to: cells.count, by: columns).map { start in
      PictureSheet.Row(cells: Array(cells[start..<min(start + columns, cells.count)]))
    }
    let total = NumberText.count(dataset.test.count)
    let count = NumberText.count(mistakes.count)
    let what =
      mistakes.count > shown.count ? "the \(shown.count) most confident of \(count) mistakes" : "\(count) mistakes"
    return PictureSheet(title: "\(subject.title): \(what) in \(total) test images", rows: rows)
  }

  /// All mistakes as a table with tabs: index, truth, guess, confidence.
  func table(of mistakes: [Mistake]) -> String {
    func cell(_ name: String) -> String { PlainText.oneLine(name) }
    return "test image\ttruth\ttaken for\tconfidence\n"
      + mistakes.map {
        "\($0.index)\t\(cell(classes[$0.truth]))\t\(cell(classes[$0.guess]))\t\($0.confidence)\n"
      }.joined()
  }
}
