import ArgumentParser
import Experiments
import Harness
import Presentation
import Tracking

/// `bench list [STUDY]`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the studies of the store, or trials and what they came to.",
    discussion: """
      Without arguments: the studies. With a study, --where or --state: trials, each with the beginning of its key.

      --where takes columns of the trials view (seed, state, label, test_accuracy, wall_seconds …), scores of the \
      grid's metrics (test_f1_macro) and paths of the grid (optimizer.lr, model.pooling, training.batch_size …), compared \
      with = != < <= > >= or ~ (contains), joined by and, or, not and parentheses: bench list --where "optimizer.lr<0.1 and seed=3"
      """)

  @Argument(help: "List the trials of this study.", completion: Completions.studies)
  var study: String?

  @Option(name: .customLong("where"), help: ArgumentHelp("Only trials for which this holds.", valueName: "condition"))
  var condition: String?

  @Option(help: "Only trials that stand there: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).")
  var state: [TrialState] = []

  @Option(help: ArgumentHelp("Only studies, or trials, with this tag. Repeatable: with all of them.", valueName: "tag"))
  var tag: [String] = []

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let store = try Store(path: store.path, access: .readOnly)
    if study == nil, condition == nil, state.isEmpty {
      print(try StudyList(store, tagged: tag), as: format)
    } else {
      print(try TrialList(of: study, where: condition, states: state, tagged: tag, in: store), as: format)
    }
  }
}

extension TrialState: ExpressibleByArgument {}
