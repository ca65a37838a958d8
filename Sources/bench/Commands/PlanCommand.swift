import ArgumentParser
import Experiments
import Harness
import Presentation

/// `bench plan GRID`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a grid would train: trials, layers, output shapes, parameters, multiply-adds.",
    discussion: """
      Nothing is written. Where there is a store, it says how many of the trials are done, running, failed or missing. \
      How long the rest will take comes from the trials that the store timed on this machine, and for others from a few \
      training steps that are timed now (--no-timing leaves those out).

      --detect 0.5 says how many seeds are needed to see a difference of 0.5 percentage points of accuracy between two \
      configurations four times in five, and what the grid's own seeds can see. How much seeds differ comes from pilot \
      trials in the store: of the same configurations, in whichever study.
      """)

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  @Flag(inversion: .prefixedNo, help: "Time training steps of configurations that the store has not timed.")
  var timing = true

  @Option(
    help: ArgumentHelp(
      "Say how many seeds it takes to see so large a difference: in percentage points of accuracy, or in the loss's unit "
        + "where there is no accuracy.", valueName: "difference"))
  var detect: Double?

  func validate() throws {
    if let detect, !(detect > 0 && detect.isFinite) {
      throw ValidationError("--detect is \(detect); expected a difference above 0, such as 0.5 percentage points")
    }
    if detect != nil, ![.text, .md, .json].contains(format) {
      throw ValidationError("--detect is no part of a table of configurations; expected --format text, md or json")
    }
  }

  func run() throws {
    let planned = try PlannedStudy(
      grid.source(data), storePath: store.path, workers: Workers.count(jobs: nil), timesSteps: timing,
      detecting: detect)
    let (plan, detection) = (planned.plan, planned.detection)
    print(
      Printout(plan.table, json: plan.json.adding("detect", detection?.json), own: [.text: { plan.text() }]), as: format
    )
    if format != .json, let detection { print("\n" + detection.text(format), terminator: "") }
  }
}

extension JSONValue {
  /// An object with one member more, where there is a value for it.
  fileprivate func adding(_ key: String, _ value: JSONValue?) -> JSONValue {
    guard case .object(let members) = self, let value else { return self }
    return .object(members + [Member(key, value)])
  }
}
