import ArgumentParser
import Tracking

/// `bench show TRIAL`
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what was learned: kernels, feature maps, confusion matrix, mistakes.",
    discussion: "With --weights FILE, a preset or a grid file stands for the trial.")

  @Argument(help: "The beginning of the trial's key; with --weights, a preset or a grid file.")
  var trial: String

  @OptionGroup var pictures: PictureOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  func run() async throws {
    let subject: PictureSubject
    if let weights = pictures.weights {
      subject = try PictureSubject(model: trial, weights: weights, label: pictures.label, data: data)
    } else {
      let details = try Store(path: store.path, access: .readOnly).trial(prefix: trial)
      subject = PictureSubject(details, store: store.path, data: data)
    }
    for picture in try await pictures.draw(subject) { print(picture.relativePath) }
  }
}
