import Foundation

/// The sanitizers that `make sanitize` builds the tests with.
package enum Sanitizer {
  /// Whether one watches, which makes a test several times as slow.
  package static let isOn = name != nil
  /// Whether it is ThreadSanitizer.
  package static let watchesThreads = name == "thread"

  private static let name = ProcessInfo.processInfo.environment["BENCH_SANITIZE"]
}
