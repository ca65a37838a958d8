import Datasets
import Foundation
import Pictures
import Reporting

/// Pictures of a trained network: kernels, feature maps, confusion matrix, mistakes.
package struct NetworkPictures {
  /// The pictures that are wanted.
  package struct Choice: Sendable {
    /// The kernels of the first layer that has weights.
    package var kernels = false
    /// The test image, from 0, whose way through the layers is drawn.
    package var featureMaps: Int?
    /// The confusion matrix of the last evaluation.
    package var confusion = false
    /// The misclassified test images, the most confident mistakes first.
    package var mistakes = false

    /// Wants nothing yet.
    package init() {}

    /// Whether any picture is wanted.
    package var isWanted: Bool { kernels || featureMaps != nil || confusion || mistakes }
  }

  /// Mistakes on a sheet.
  private static let mistakesShown = 60

  /// The confusion matrix, where it is wanted.
  package let confusion: ConfusionMatrix?
  private let title: String
  private let sheets: [TileSheet]
  private let mistakes: (sheet: PictureSheet, table: String)?

  /// Computes all pictures; a picture that can't be shown is an error before anything is written.
  ///
  /// - Throws: ``UsageError`` where the network has no such picture, and ``OperationalError`` where its data or weights
  ///   are missing.
  package init(of subject: PictureSubject, _ choice: Choice) throws {
    let needsNetwork =
      choice.kernels || choice.featureMaps != nil || choice.mistakes
      || choice.confusion && subject.storedConfusion == nil && subject.canBeLoaded
    let network = needsNetwork ? try TrainedNetwork(subject) : nil
    title = subject.title
    var sheets: [TileSheet] = []
    if choice.kernels, let network { sheets.append(try network.kernelSheet()) }
    if let index = choice.featureMaps, let network { sheets.append(try network.mapSheet(of: index)) }
    self.sheets = sheets
    confusion = choice.confusion ? subject.storedConfusion ?? network?.confusionMatrix() : nil
    if choice.confusion, confusion == nil {
      throw UsageError("--confusion: \(subject.title) has no confusion matrix: it reconstructs, or did not end")
    }
    mistakes = try (choice.mistakes ? network : nil).map { network in
      let found = try network.mistakes()
      return (network.sheet(of: found, limit: Self.mistakesShown), network.table(of: found))
    }
  }

  /// Draws the pictures.
  ///
  /// - Returns: the files, in the order of the choices.
  package func draw(into place: TrialPictures) throws -> [URL] {
    var drawn: [URL] = []
    for sheet in sheets { drawn += try place.draw(sheet) }
    if let confusion { drawn += try place.draw(confusion, title: title) }
    if let mistakes {
      _ = try place.write(Data(mistakes.table.utf8), to: "mistakes.tsv")
      drawn.append(try place.write(mistakes.sheet.png(), to: "mistakes.png"))
    }
    return drawn
  }
}
