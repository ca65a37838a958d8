import ArgumentParser
import Harness
import Presentation

/// `bench rm STUDY|TRIAL…`
struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove studies, revisions of them, or trials' results from the store.",
    discussion: """
      Each name is a study (all of its revisions), a revision (model-abc@2), or the beginning of a trial's key. Curves, \
      weight files and checkpoints go too. Trials that other studies or revisions have as well are kept. A trial that is \
      named itself loses its results and keeps its place as one that is planned: bench run trains it again.

      What goes is shown first, and asked for on a terminal. Nothing goes while a process is at work on any of it, even \
      suspended, or where a baseline was saved of it (--force removes that too: the baseline keeps its numbers). Nights \
      stay in the history; tags and notes go with their study, and stay where a trial's results alone go. The store's file keeps its size until bench gc.
      """)

  @Argument(help: "Studies, revisions, and trials.", completion: Completions.studiesAndTrials)
  var names: [String]

  @Flag(name: .customLong("dry-run"), help: "Only show what would go.")
  var dryRun = false

  @Flag(help: "Don't ask.")
  var yes = false

  @Flag(help: "Remove what baselines were saved of, too.")
  var force = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "How to print what goes.")
  var format: OutputFormat = .text

  func run() throws {
    let removal = try StoreRemoval(names, in: store.path)
    if dryRun { return print(removal, as: format) }
    if let obstacle = removal.obstacles(force: force).first { throw OperationalError(obstacle) }
    if !output.quiet || !yes { print(removal, as: format) }
    if !yes {
      guard let answer = Terminal.confirms("Remove this?") else {
        throw UsageError("nobody can be asked whether this may be removed: give --yes, or --dry-run to look only")
      }
      guard answer else { return Terminal.say("nothing was removed") }
    }
    try removal.perform(force: force)
    if !output.quiet { Terminal.say("removed; bench gc makes the store's file smaller") }
  }
}
