/// The health check's result for one thing.
package struct CheckResult: Sendable, Hashable {
  /// How a thing is.
  package enum State: String, Sendable {
    /// As it should be.
    case good
    /// Not there; the program does without.
    case missing
    /// Trained numbers or the store are in danger.
    case bad
  }

  /// A number that was found, under the name that programs read.
  package enum Quantity: String, Sendable, CaseIterable {
    /// The processor's cores.
    case cores
    /// The machine's memory, in bytes.
    case memoryBytes = "memory_bytes"
    /// Training examples that are here.
    case train
    /// Test examples that are here.
    case test
    /// Free space, in bytes.
    case freeBytes = "free_bytes"
    /// Studies in the store.
    case studies
    /// Trials in the store, or those with weights.
    case trials
    /// Trials that are not as they were stored, or whose weights are not those that they wrote.
    case badTrials = "bad_trials"
    /// Trials of which nothing can be recomputed.
    case unknownTrials = "unknown_trials"
  }

  /// The thing: `gnuplot`, `store`.
  package let check: String
  /// Which one: a data set's name, a program, a path; `nil` where there is only one.
  package let name: String?
  /// How it is.
  package let state: State
  /// The finding in words; several lines where several things are bad.
  package let found: String
  /// The numbers of the finding.
  package let values: [Quantity: Int]

  init(check: String, name: String? = nil, state: State, found: String, values: [Quantity: Int] = [:]) {
    (self.check, self.name, self.state, self.found, self.values) = (check, name, state, found, values)
  }
}
