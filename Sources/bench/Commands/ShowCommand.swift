import ArgumentParser
import Harness
import Presentation
import Tracking

/// `bench show TRIAL`
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that the store knows of a trial, or draw what its network learned.",
    discussion: """
      bench list STUDY has the keys of a study's trials. With --weights FILE, a preset or a grid file stands for the \
      trial whose pictures are drawn.
      """)

  @Argument(
    help: "The beginning of the trial's key; with --weights, a preset or a grid file.", completion: Completions.trials)
  var trial: String

  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var paths: GridFolderOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it; csv has one row per evaluation.")
  var format: OutputFormat = .text

  func run() throws {
    if let weights = pictures.weights {
      try draw(PictureSubject(model: trial, weights: weights, label: pictures.label, data: data.folder))
      return
    }
    let opened = try Store(path: store.path, access: .readOnly)
    let details = try opened.trial(prefix: trial)
    try opened.prove(details.record.key)
    if pictures.choice.isWanted {
      let folder = GridFolder(paths.gridFolder, of: details)
      try draw(
        PictureSubject(details, store: store.path, data: data.folder, gridFolder: folder, warn: Terminal.say))
    } else {
      print(TrialPage(details), as: format)
    }
  }

  private func draw(_ subject: PictureSubject) throws {
    for picture in try pictures.draw(subject) { print(picture.relativePath) }
  }
}
