import ArgumentParser
import Foundation
import Harness
import Presentation
import Tracking

/// `bench status`
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what is at work in the store, and how far each study has come.",
    discussion: """
      It only reads, so it disturbs nobody who is at work. With the folder of a job it shows the job's shards: hosts, \
      trials, what is slow or silent, and the time left.
      """)

  @Argument(help: "The folder of a job.", completion: .directory)
  var job: String?

  @Flag(help: "Show it anew until Ctrl-C.")
  var watch = false

  @Option(help: ArgumentHelp("Seconds from one look to the next.", valueName: "seconds"))
  var every = 2.0

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func validate() throws {
    guard every >= 0.1, every <= 3600 else {
      throw ValidationError("--every is \(every); expected 0.1 to 3600 seconds")
    }
    if watch, format != .text { throw ValidationError("--watch shows text; leave out --format \(format.rawValue)") }
  }

  func run() async throws {
    guard let job else {
      let store = try Store(path: store.path, access: .readOnly)
      return try await show { try StoreStatus(store) }
    }
    if store.explicitPath != nil { throw ValidationError("expected the folder of a job or --db, not both") }
    let folder = JobFolder(job)
    var (asked, queued) = (Date.distantPast, Set<Int>())
    try await show {
      // The engine's own daemon has better things to do.
      if Date.now.timeIntervalSince(asked) > 60 {
        (asked, queued) = (.now, SlurmSubmission.queued(folder, onlyPending: true))
      }
      return try JobStatus(folder, queued: queued)
    }
  }

  /// Prints a status, again and again where that is asked for.
  private func show(_ status: () throws -> some Printable) async throws {
    while watch {
      let text = try status().text(.text)
      // To the upper left corner, and what is left of an older picture away.
      if isatty(STDOUT_FILENO) == 1 { StandardOutput.print(styled: Terminal.home) }
      print(text)
      fflush(nil)
      try await Task.sleep(for: .seconds(every))
    }
    print(try status(), as: format)
  }
}
