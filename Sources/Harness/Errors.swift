import Presentation
import Tracking

/// A command line or a grid that asks for something that can't be had; the program ends with code 64.
package struct UsageError: Error, CustomStringConvertible {
  /// Where, what was found, what is allowed, and how to fix it.
  package let description: String

  /// Creates the error.
  package init(_ description: String) { self.description = description }

  /// Creates the error of an option whose condition on trials can't be read or asks for something that no trial has.
  init(_ option: String, condition: String, _ error: TrialFilterError) {
    self.init("\(option) \(condition): \(error)")
  }
}

/// Something outside the grid that went wrong; the program ends with code 1.
package struct OperationalError: Error, CustomStringConvertible {
  /// Where, what was found, and how to fix it.
  package let description: String

  /// Creates the error.
  package init(_ description: String) { self.description = description }
}

/// A trial that took longer than it was allowed to.
struct TimeoutError: Error, CustomStringConvertible {
  /// The time that it was allowed.
  let seconds: Double
  /// The last iteration that it made.
  let iteration: Int

  var description: String {
    "ran out of time after \(NumberText.duration(seconds)), at iteration \(iteration); allow more with --timeout"
  }
}
