@preconcurrency import Dispatch
import Foundation
import Runner

/// Turns Ctrl-C, SIGTERM, the end of the terminal, and the signals by which batch systems announce the end, into a wish to
/// stop: the first time politely, the second time at once.
final class Interruption: Sendable {
  /// Under `nohup` the end of the terminal is nothing to listen to.
  private static let signals = [SIGINT, SIGTERM, SIGUSR1, SIGUSR2] + (isIgnored(SIGHUP) ? [] : [SIGHUP])
  private let sources: [any DispatchSourceSignal]

  /// Listens until the value is let go.
  ///
  /// - Parameter endsAtOnce: whether a second signal ends the process. Batch systems repeat theirs, and kill in the end.
  init(_ cancellation: Cancellation, endsAtOnce: Bool, say: @escaping @Sendable (String) -> Void) {
    let queue = DispatchQueue(label: "bench.signals")
    sources = Self.signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if cancellation.isRequested {
          if endsAtOnce { _exit(ExitStatus.interrupted.rawValue) }
          return
        }
        cancellation.request()
        say("stopping after the iterations at work" + (endsAtOnce ? "; once more stops at once" : ""))
      }
      source.activate()
      return source
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  deinit {
    sources.forEach { $0.cancel() }
    Self.signals.forEach { signal($0, SIG_DFL) }
  }
}
