import Foundation

/// The processor's time: what else a machine does is no fault of what is tested.
package enum ThreadTime {
  /// What this thread has used, in seconds; other tests run beside it.
  package static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
