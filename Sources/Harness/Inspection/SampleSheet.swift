import Datasets
import Experiments
import Foundation
import Pictures
import Training

/// A sheet of samples of a data set, some of each class.
package struct SampleSheet {
  /// The data set.
  package let dataset: Dataset
  /// The samples, one row per class.
  package let picture: PictureSheet
  /// What the picture's file is called where nobody says: `mnist-samples.png`.
  package let fileName: String

  /// Reads the data and draws the sheet.
  ///
  /// - Parameters:
  ///   - name: a data set of the program, or a grid file, whose data set is shown.
  ///   - label: the configuration of the grid; `nil` is the first.
  ///   - augmented: whether a grid's training examples are shown as the network sees them.
  ///   - columns: samples of each class.
  package init(of name: String, label: String?, augmented: Bool, columns: Int, data: DataRoot) throws {
    if KnownDataset.named(name) != nil {
      dataset = try DatasetLibrary(root: data).load(DatasetSelection(name: name))
      (picture, fileName) = (PictureSheet.samples(of: dataset, columns: columns), "\(name)-samples.png")
      return
    }
    let choice = try ModelChoice(name, label: label, data: data)
    let stem = URL(filePath: name).deletingPathExtension().lastPathComponent
    if augmented {
      let samples = try AugmentedSamples(choice)
      (dataset, picture) = (samples.dataset, try samples.sheet(columns: columns))
      fileName = "\(stem)-augmented.png"
    } else {
      dataset = try choice.library.loadSplit(choice.configuration.dataset)
      (picture, fileName) = (PictureSheet.samples(of: dataset, columns: columns), "\(stem)-samples.png")
    }
  }
}
