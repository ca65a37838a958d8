import Datasets
import Experiments
import Foundation
import Harness
import Runner
import StudySupport
import Tracking

/// A folder in which studies run inside the test's process.
struct Workspace: StudyFolder {
  let folder: URL

  /// The drawn digits need no files.
  static let data = DataRoot(option: "/nowhere")

  /// Gives `body` an empty folder that is removed afterwards.
  static func inTemporaryFolder<T>(_ body: (Workspace) async throws -> T) async throws -> T {
    try await inTemporaryFolder({ Workspace(folder: $0) }, body)
  }

  /// Reads a grid of the folder.
  func source(_ grid: String = "g.json", set overrides: [String] = []) throws -> GridSource {
    try GridSource(path: folder.appending(path: grid).path, overrides: overrides, data: Self.data)
  }

  /// Enters a study into the store, with four workers unless `change` says otherwise.
  func start(
    _ grid: String = "g.json", store: String? = nil, only: [String] = [],
    _ change: (inout RunSettings) -> Void = { _ in }
  ) throws -> StudyRun {
    var settings = RunSettings()
    (settings.workers, settings.commandLine) = (4, ["bench", "run", grid])
    change(&settings)
    let prepared = try PreparedStudy(source(grid))
    let selection = try TrialSelection(only, in: prepared.study)
    return try StudyRun(
      prepared, in: StoreFolders.openStore(store ?? storePath), source: nil, settings: settings, selection: selection)
  }

  /// Runs a study to its end, and closes its store.
  @discardableResult
  func run(
    _ grid: String = "g.json", store: String? = nil, only: [String] = [],
    _ change: (inout RunSettings) -> Void = { _ in }
  ) async throws -> StudyRun.Outcome {
    let run = try start(grid, store: store, only: only, change)
    return try run.finish(await run.train())
  }

  /// Runs a study and stops it when `count` trials have been evaluated, each for the first time; each waits there for the
  /// others, so that none is done before all are in their middle.
  func stopInTheMiddle(
    after count: Int = 1, _ change: (inout RunSettings) -> Void = { _ in }
  ) async throws -> StudyRun.Outcome {
    let run = try start("g.json") { settings in
      change(&settings)
      settings.workers = max(settings.workers, count)
    }
    let cancellation = Cancellation()
    let evaluated = Places()
    let summary = await run.train(cancellation: cancellation) { event in
      guard case .trial(.trial(let index, .evaluation)) = event else { return }
      if evaluated.insert(index) >= count { cancellation.request() }
      let limit = Date.now.addingTimeInterval(60)
      while !cancellation.isRequested, Date.now < limit { usleep(1_000) }
    }
    return try run.finish(summary)
  }

  /// Runs the study again and gathers what it tells.
  func runListening() async throws -> (outcome: StudyRun.Outcome, notices: [String]) {
    let run = try start()
    let notices = Notices()
    let summary = await run.train { if case .notice(let text) = $0 { notices.append(text) } }
    return (try run.finish(summary), notices.all)
  }

  /// The store, to read.
  func store() throws -> Store { try Store(path: storePath, access: .readOnly) }
}
