import ArgumentParser
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

      --shards 8 says how bench submit would cut the study for eight machines: the longest shard, the time that the \
      others wait for it, the size of the merged store.
      """)

  @OptionGroup var grid: GridOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var data: DataOptions

  @Option(help: "How to print it; csv has one row per configuration, with --detect one per pair of them.")
  var format: OutputFormat = .text

  @Flag(inversion: .prefixedNo, help: "Time training steps of configurations that the store has not timed.")
  var timing = true

  @Option(
    help: ArgumentHelp(
      "Say how many seeds it takes to see so large a difference: in percentage points of accuracy, or in the loss's unit "
        + "where there is no accuracy.", valueName: "difference"))
  var detect: Double?

  @Option(help: ArgumentHelp("Say how the study would be cut into so many shards.", valueName: "n"))
  var shards: Int?

  func validate() throws {
    if let shards, !(1...100_000).contains(shards) {
      throw ValidationError("--shards is \(shards); expected 1 to 100000")
    }
    if shards != nil, detect != nil { throw ValidationError("--shards and --detect are two questions; ask one") }
    if let detect, !(detect > 0 && detect.isFinite) {
      throw ValidationError("--detect is \(detect); expected a difference above 0, such as 0.5 percentage points")
    }
  }

  func run() throws {
    if let shards {
      let source = try grid.source(data)
      let plan = try JobPlan(
        PreparedStudy(source), source, shards: shards, workers: Workers.count(jobs: nil), timesSteps: timing)
      return print(plan, as: format)
    }
    let planned = try PlannedStudy(
      grid.source(data), storePath: store.path, workers: Workers.count(jobs: nil), timesSteps: timing,
      detecting: detect)
    print(planned, as: format)
  }
}
