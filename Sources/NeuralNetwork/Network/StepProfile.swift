/// Where the time of training steps goes.
package final class StepProfile {
  /// A part of a training step; numbers count the network's ``Network/moduleTitles``.
  package enum Part: Hashable, Sendable {
    /// Images are gathered into a batch.
    case gather
    /// A module's output.
    case forward(Int)
    /// The loss and its gradient.
    case loss
    /// A module's gradients.
    case backward(Int)
    /// The optimizer's step.
    case optimizer
  }

  private var times: [Part: [Duration]] = [:]
  private var last = ContinuousClock.now

  /// Creates a profile of no steps.
  package init() {}

  func begin() { last = ContinuousClock.now }

  func end(_ part: Part) {
    let now = ContinuousClock.now
    times[part, default: []].append(now - last)
    last = ContinuousClock.now
  }

  /// The median seconds of a part; 0 where no step had it.
  package func seconds(_ part: Part) -> Double {
    guard let sorted = times[part]?.sorted() else { return 0 }
    return sorted[sorted.count / 2] / .seconds(1)
  }
}
