import Dispatch

/// The threads that work on one network.
///
/// Work is cut into parts whose number follows from the configuration alone, and what a part computes does not depend
/// on who computes it; so any number of threads gives the same bits.
struct Team {
  /// Threads, the calling one included.
  let threads: Int

  /// Calls `body` with each part's number, on all threads, and waits for them.
  func run(_ parts: Int, _ body: (Int) -> Void) {
    let workers = min(threads, parts)
    guard workers > 1 else {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      let work = Work(body: body)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for part in stride(from: worker, to: parts, by: workers) { work.body(part) }
      }
    }
  }

  /// Parts write to memory of their own, and all are done before ``run(_:_:)`` returns.
  private struct Work: @unchecked Sendable {
    let body: (Int) -> Void
  }

  /// The parts that a training batch of this size is cut into: one where a part would be shorter than a wake-up.
  static func parts(ofBatch size: Int) -> Int { size >= 32 ? 4 : 1 }

  /// The items of a part, as equal as can be.
  static func items(_ part: Int, of parts: Int, count: Int) -> Range<Int> {
    count * part / parts..<count * (part + 1) / parts
  }
}
