@preconcurrency import Dispatch
import Foundation
import Runner

/// Turns Ctrl-C and SIGTERM into a wish to stop: the first time politely, the second time at once.
final class Interruption: Sendable {
  private let sources: [any DispatchSourceSignal]

  /// Listens until the value is let go.
  init(_ cancellation: Cancellation, say: @escaping @Sendable (String) -> Void) {
    let queue = DispatchQueue(label: "bench.signals")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if cancellation.isRequested { _exit(ExitStatus.interrupted.rawValue) }
        cancellation.request()
        say("stopping after the iterations at work; once more stops at once")
      }
      source.activate()
      return source
    }
  }
}
