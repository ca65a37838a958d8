import Dispatch
import Foundation
import Synchronization

/// The threads that work on one network.
///
/// Work is cut into parts whose number follows from the configuration alone, and the result of a part does not depend on
/// the thread that computes it; so any number of threads gives the same bits.
struct ThreadTeam {
  /// Threads, the calling one included.
  let threads: Int
  private let help = Help()

  init(threads: Int) { self.threads = threads }

  /// Seconds of processor time that threads other than the calling one have worked.
  var helpSeconds: Double { Double(help.nanoseconds.load(ordering: .relaxed)) * 1e-9 }

  /// Calls `body` with each part's number, on all threads, and waits for them.
  func run(_ parts: Int, _ body: (Int) -> Void) {
    let workers = min(threads, parts)
    guard workers > 1 else {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let work = Work(body: body)
      let caller = pthread_self()
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        let isHelper = pthread_equal(pthread_self(), caller) == 0
        let start = isHelper ? Help.threadNanoseconds : 0
        for part in stride(from: worker, to: parts, by: workers) { work.body(part) }
        if isHelper { help.nanoseconds.add(Help.threadNanoseconds - start, ordering: .relaxed) }
      }
    }
  }

  /// Parts write to memory of their own, and all are done before ``run(_:_:)`` returns.
  private struct Work: @unchecked Sendable {
    let body: (Int) -> Void
  }

  /// The time that the other threads worked.
  private final class Help: Sendable {
    let nanoseconds = Atomic<Int>(0)

    /// Processor time of the thread that asks.
    static var threadNanoseconds: Int {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
  }

  /// The parts that a training batch of this size is cut into: one where a part would be shorter than a wake-up.
  static func parts(ofBatch size: Int) -> Int { size >= 32 ? 4 : 1 }

  /// The items of a part, as equal as can be.
  static func items(_ part: Int, of parts: Int, count: Int) -> Range<Int> {
    count * part / parts..<count * (part + 1) / parts
  }
}
