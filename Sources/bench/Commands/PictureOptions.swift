import ArgumentParser
import Datasets
import Foundation
import Reporting

/// Which pictures of a trained network are drawn, and where they go.
struct PictureOptions: ParsableArguments {
  @Flag(help: "Draw the kernels of the first layer that has weights.")
  var kernels = false

  @Option(help: ArgumentHelp("Draw what every layer makes of a test image, from 0.", valueName: "index"))
  var featureMaps: Int?

  @Flag(help: "Draw the confusion matrix of the last evaluation, and print it with each class's accuracy.")
  var confusion = false

  @Flag(help: "Draw a sheet of misclassified test images, the most confident mistakes first.")
  var mistakes = false

  @Option(
    help: ArgumentHelp("A weight file; a preset or a grid file then stands for the trial.", valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Option(help: ArgumentHelp("The configuration of that grid (default: the first).", valueName: "label"))
  var label: String?

  @Option(help: ArgumentHelp("Where reports go; pictures go to STUDY/trials/KEY/ in it.", valueName: "dir"))
  var out = "reports"

  @Option(help: ArgumentHelp("The gnuplot program.", valueName: "program"))
  var gnuplot = "gnuplot"

  /// Whether any picture is wanted.
  var isWanted: Bool { kernels || featureMaps != nil || confusion || mistakes }

  /// Mistakes on a sheet.
  private static let mistakesShown = 60

  func validate() throws {
    if let featureMaps, featureMaps < 0 {
      throw ValidationError("--feature-maps is \(featureMaps); expected the index of a test image, from 0")
    }
    if label != nil, weights == nil { throw ValidationError("--label chooses from a grid, which needs --weights") }
    if weights != nil, !isWanted {
      throw ValidationError("--weights needs a picture: --kernels, --feature-maps INDEX, --confusion or --mistakes")
    }
  }

  /// Draws the pictures that are wanted; prints the confusion matrix as text.
  ///
  /// - Returns: the pictures, in the order of the options.
  func draw(_ subject: PictureSubject) async throws -> [URL] {
    let pictures = TrialPictures(
      reports: URL(filePath: out, directoryHint: .isDirectory), study: subject.study, key: subject.key,
      gnuplot: gnuplot)
    let network = needsNetwork(of: subject) ? try TrainedNetwork(subject) : nil
    // All is worked out before anything is drawn: what can't be shown is said while nothing is written.
    var sheets: [TileSheet] = []
    if kernels, let network { sheets.append(try network.kernelSheet()) }
    if let featureMaps, let network { sheets.append(try network.mapSheet(of: featureMaps)) }
    let matrix = confusion ? try confusionMatrix(of: subject, network) : nil
    let mistakesFound = mistakes ? try network?.mistakes() : nil

    var drawn: [URL] = []
    for sheet in sheets { drawn += try await pictures.draw(sheet) }
    if let matrix {
      print(matrix.text(), terminator: "")
      drawn += try await pictures.draw(matrix, title: subject.title)
    }
    if let mistakesFound, let network {
      let sheet = network.sheet(of: mistakesFound, limit: Self.mistakesShown)
      _ = try pictures.write(Data(network.table(of: mistakesFound).utf8), to: "mistakes.tsv")
      drawn.append(try pictures.write(sheet.png(), to: "mistakes.png"))
    }
    return drawn
  }

  private func confusionMatrix(of subject: PictureSubject, _ network: TrainedNetwork?) throws -> ConfusionMatrix {
    guard let matrix = subject.storedConfusion ?? network?.confusionMatrix() else {
      throw UsageError("--confusion: \(subject.title) has no confusion matrix: it reconstructs, or did not end")
    }
    return matrix
  }

  private func needsNetwork(of subject: PictureSubject) -> Bool {
    kernels || featureMaps != nil || mistakes || (confusion && subject.storedConfusion == nil && subject.canBeLoaded)
  }
}
