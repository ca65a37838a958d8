import Dispatch
import Foundation
import GRDB
import Synchronization

/// How long a connection waits while other processes hold the store, and who hears of it.
final class BusyWait: Sendable {
  private struct State {
    /// How long a connection waits before anything is said.
    let quietSeconds: Double
    /// How long it waits at most.
    var seconds: Double
    var say: (@Sendable (String) -> Void)?
    var began: UInt64 = 0
  }

  private let path: String
  private let state: Mutex<State>

  init(path: String, seconds: Double) {
    self.path = path
    state = Mutex(State(quietSeconds: seconds, seconds: seconds))
  }

  /// From now on waits for longer; tells once that it does, when the usual time has passed.
  func bePatient(seconds: Double, say: @escaping @Sendable (String) -> Void) {
    state.withLock { ($0.seconds, $0.say) = (max(seconds, $0.quietSeconds), say) }
  }

  /// Tries again where SQLite says at once that the store is busy, without asking ``goesOn(after:)``: while another
  /// process creates it, or changes how its log is kept. So too while another one brings it up to date: SQLite reads a
  /// changed shape anew once for a statement, and gives up where it has changed again by then.
  func whileBusy<Value>(_ body: () throws -> Value) throws -> Value {
    let end = ContinuousClock.now + .seconds(state.withLock(\.seconds))
    while true {
      do {
        return try body()
      } catch let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_SCHEMA].contains(error.resultCode) && ContinuousClock.now < end
      {
        usleep(10_000)
      }
    }
  }

  /// Pauses, and answers whether to try again: SQLite asks with the number of tries so far.
  func goesOn(after tries: Int) -> Bool {
    let now = DispatchTime.now().uptimeNanoseconds
    typealias Say = @Sendable (String) -> Void
    let (isOver, message, say) = state.withLock { state -> (Bool, String, Say?) in
      if tries == 0 { state.began = now }
      let gone = Double(now - state.began) * 1e-9
      let isOver = gone >= state.seconds
      // Who gave up once does not wait as long again to leave things in order.
      if isOver { state.seconds = state.quietSeconds }
      guard !isOver, gone >= state.quietSeconds, let say = state.say else {
        return (isOver, "", nil)
      }
      state.say = nil
      return (
        isOver,
        "\(path): another process has held the store for \(Int(gone.rounded())) seconds; waiting for it, "
          + "\(Int(state.seconds)) seconds at most", say
      )
    }
    say?(message)
    if isOver { return false }
    // As SQLite's own: short pauses first, since most transactions are short.
    usleep(tries < 10 ? 1_000 : tries < 20 ? 10_000 : 50_000)
    return true
  }
}
