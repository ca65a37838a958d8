import ArgumentParser
import Harness
import Presentation

/// `bench annotate STUDY|TRIAL`
struct AnnotateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate", abstract: "Give a study or a trial tags and a note, after it was trained.",
    discussion: """
      They stand beside the tags and notes of the grid, and change no trial: bench list, show and report show both, \
      bench list --tag finds them. Those of a study belong to all of its revisions. Without an option they are printed.
      """)

  @Argument(help: "The study, or the beginning of a trial's key.", completion: Completions.studiesAndTrials)
  var name: String

  @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Add a tag. Repeatable.", valueName: "tag"))
  var tag: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Take a tag away, one of the grid too. Repeatable.", valueName: "tag"))
  var untag: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The note, in the place of an earlier one; an empty text takes it away. The grid's notes stay.",
      valueName: "text"))
  var note: String?

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print what is said now.")
  var format: OutputFormat = .text

  func run() throws {
    print(try AnnotatedThing(name, tags: tag, untags: untag, note: note, in: store.path), as: format)
  }
}
