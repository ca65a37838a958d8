import Foundation

/// The sanitizers that `make sanitize` builds the tests with.
package enum Sanitizer {
  /// Whether one watches, which makes a test several times as slow.
  package static let isOn = ProcessInfo.processInfo.environment["BENCH_SANITIZE"] != nil
}
