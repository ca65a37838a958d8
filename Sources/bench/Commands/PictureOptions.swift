import ArgumentParser
import Foundation
import Harness
import Reporting

/// Which pictures of a trained network are drawn, and where they go.
struct PictureOptions: ParsableArguments {
  @Flag(help: "Draw the kernels of the first layer that has weights.")
  var kernels = false

  @Option(help: ArgumentHelp("Draw every layer's output for a test image; images count from 0.", valueName: "index"))
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

  /// The pictures that are wanted.
  var choice: NetworkPictures.Choice {
    var choice = NetworkPictures.Choice()
    (choice.kernels, choice.featureMaps) = (kernels, featureMaps)
    (choice.confusion, choice.mistakes) = (confusion, mistakes)
    return choice
  }

  func validate() throws {
    if let featureMaps, featureMaps < 0 {
      throw ValidationError("--feature-maps is \(featureMaps); expected the index of a test image, from 0")
    }
    if label != nil, weights == nil { throw ValidationError("--label chooses from a grid, which needs --weights") }
    if weights != nil, !choice.isWanted {
      throw ValidationError("--weights needs a picture: --kernels, --feature-maps INDEX, --confusion or --mistakes")
    }
  }

  /// Draws the pictures that are wanted; prints the confusion matrix as text.
  ///
  /// - Returns: the pictures, in the order of the options.
  func draw(_ subject: PictureSubject) throws -> [URL] {
    let pictures = try NetworkPictures(of: subject, choice)
    if let matrix = pictures.confusion { print(matrix.text(), terminator: "") }
    return try pictures.draw(
      into: TrialPictures(
        reports: URL(filePath: out, directoryHint: .isDirectory), study: subject.study, key: subject.key,
        gnuplot: gnuplot))
  }
}
