import Foundation

/// Points in time as texts, the same in every locale.
package enum TimeText {
  /// `2026-11-03T03:17:05Z`: UTC, to the second.
  ///
  /// - Parameter secondsSince1970: bounded as ``bounded(_:)`` says.
  package static func exact(_ secondsSince1970: Double) -> String {
    Date(timeIntervalSince1970: bounded(secondsSince1970)).formatted(.iso8601)
  }

  /// Seconds since 1970 within the years 1970 to 9999; what is not finite is 1970. A store that was edited may hold
  /// anything.
  package static func bounded(_ secondsSince1970: Double) -> Double {
    secondsSince1970.isFinite ? min(max(secondsSince1970, 0), 253_402_300_799) : 0
  }
}
