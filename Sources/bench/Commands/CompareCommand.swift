import ArgumentParser
import Comparing
import Experiments
import Files
import Foundation
import Harness
import Presentation
import Reporting

/// `bench compare BASELINE CANDIDATE`
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Say what got worse since a baseline, what got better, and what can't be told.",
    discussion: """
      Each side is a store (bench.db), a study in it (bench.db#model-abc; #model-abc in the store of --db), the name of \
      a baseline, or a baseline file. Trials are matched by configuration and seed.

      Exit codes: 0 nothing to mind, 2 a score is worse or collapsed, 3 a trial of the baseline is missing or failed in \
      the candidate, 4 a score is not decided although its measured loss exceeds the tolerance (with --strict: anything is \
      not decided or not comparable); where several hold, the smallest. 64 also where both sides are the same runs.
      """)

  @Argument(help: "What to compare with.", completion: Completions.sides)
  var baseline: String?

  @Argument(
    help: "What to compare (default: the baseline's study in the store of --db).", completion: Completions.sides)
  var candidate: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      What is compared, and the loss of each that is not minded: test_accuracy=0.005,images_per_second=10%. Repeatable. \
      Times, speeds, memory and the scores of the grid's metrics (f1_macro=0.01) are compared only where they are named. (default: test_accuracy=0.005, or test_loss=5% \
      where there is no accuracy)
      """, valueName: "metric=loss,…"))
  var tolerance: [String] = []

  @Option(help: ArgumentHelp("The share of nights that may have a false alarm (default: 0.05).", valueName: "share"))
  var alpha: Double?

  @Option(
    help: ArgumentHelp(
      #"Read the policy from a JSON file: {"tolerance": {"test_accuracy": 0.005}, "alpha": 0.05, "strict": false}."#,
      valueName: "file"))
  var policy: String?

  @Flag(help: "Fail where anything is not decided, not tested or not comparable.")
  var strict = false

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @Option(help: ArgumentHelp("Write JUnit XML too.", valueName: "file"))
  var junit: String?

  @Option(
    help: ArgumentHelp(
      """
      Write Markdown for a comment of a pull request too: the outcome first, a short table, and a hidden first line by \
      which the comment is found again and renewed.
      """, valueName: "file"))
  var comment: String?

  @Flag(
    help: """
      Keep the candidate's numbers in the store of --db as a night of its study's history, which \
      bench history shows.
      """)
  var record = false

  @Flag(
    help: ArgumentHelp(
      """
      Simulate thousands of nights with the baseline's own configurations, seeds and spreads (without a baseline, those of \
      a typical study); print how often there is a false alarm, and the smallest loss that is seen four times in five.
      """))
  var selfTest = false

  @Option(help: ArgumentHelp("Nights of each kind that --self-test simulates.", valueName: "n"))
  var nights = 5000

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if !selfTest, baseline == nil { throw ValidationError("expected what to compare with: BASELINE [CANDIDATE]") }
    if let alpha, !(alpha > 0 && alpha < 0.5) {
      throw ValidationError("--alpha is \(alpha); expected between 0 and 0.5")
    }
    if nights < 1 { throw ValidationError("--nights is \(nights); expected at least 1") }
  }

  func run() throws {
    let policy = try ComparisonPolicy(file: policy, tolerances: tolerance, alpha: alpha, isStrict: strict)
    if selfTest, format != .text { throw UsageError("--self-test prints text; leave --format out") }
    guard let baseline, !selfTest else {
      let test = try GateSelfTest(
        of: baseline, policy: policy, nights: nights, storePath: store.path, warn: Terminal.say)
      print(test.text, terminator: "")
      if test.holds { return }
      throw OperationalError("the comparison does not do what it promises: see the last column")
    }
    let named = try NamedComparison(
      baseline: baseline, candidate: candidate, policy: policy, storePath: store.path, warn: Terminal.say)
    let comparison = named.comparison
    print(comparison, as: format)
    if let junit { try WholeFile.write(text: comparison.junit, withFoldersTo: junit) }
    if let comment {
      try WholeFile.write(text: comparison.comment(baseline: baseline, run: Workflow.run), withFoldersTo: comment)
    }
    try Workflow.append { comparison.markdown(maximumBytes: $0) }
    if Workflow.isAtWork { Terminal.command(comparison.workflowCommands) }
    if record { try named.record() }
    if !output.quiet, format != .text { Terminal.say(PlainText.oneLine(comparison.headline)) }
    switch comparison.outcome {
    case .fine: return
    case .regression: throw ExitStatus.regression.exit
    case .trialsLost: throw ExitStatus.trialsFailed.exit
    case .undecided: throw ExitStatus.undecided.exit
    }
  }
}
