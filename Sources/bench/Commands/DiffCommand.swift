import ArgumentParser
import Comparing
import Harness
import Presentation

/// `bench diff BEFORE [AFTER]`
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed between two revisions or studies: in the grid, and in the results.",
    discussion: """
      Each side is a study (its latest revision) or a revision of one: bench diff model-abc@1 model-abc@2. One side alone \
      is compared with the revision before it. Configurations belong together where all settings are the same, otherwise \
      where their labels are. It judges nothing, and ends with 0: bench compare is the gate.
      """)

  @Argument(help: "The study or revision that was.", completion: Completions.studies)
  var before: String

  @Argument(
    help: "The study or revision that is (default: the first, compared with the revision before it).",
    completion: Completions.studies)
  var after: String?

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws { print(try StudyDifference(from: before, to: after, in: store.path), as: format) }
}
