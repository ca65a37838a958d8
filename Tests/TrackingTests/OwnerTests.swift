import Testing

@testable import Tracking

@Suite struct OwnerTests {
  @Test func seesItselfAlive() {
    #expect(!Owner.current.knowsGone(.current))
    #expect(Owner.current.processStart > 0)
    #expect(!Owner.current.boot.isEmpty)
  }

  static func changed(_ change: (inout Owner) -> Void) -> Owner {
    var owner = Owner.current
    change(&owner)
    return owner
  }

  @Test(arguments: [
    ("its number is another process's", changed { $0.processStart += 1 }, true),
    ("no process has its number", changed { $0.process = .max }, true),
    ("the machine was booted since", changed { $0.boot = "another" }, true),
    ("it is on another host", changed { ($0.host, $0.process) = ("another", .max) }, false),
    ("it is in another container", changed { ($0.processNamespace, $0.process) = ("another", .max) }, false),
  ])
  func knowsGoneOnlyWhatItCanSee(what: String, owner: Owner, isGone: Bool) {
    #expect(Owner.current.knowsGone(owner) == isGone, "\(what)")
  }

  /// Seconds since the last sign of life of an attempt whose lease is over.
  @Test(arguments: [
    ("it lives, though it is suspended", Owner.current, 1e9, true),
    ("it is known to be gone", changed { $0.process = .max }, 61, false),
    ("it can't be seen", changed { $0.host = "another" }, 61, true),
    ("it can't be seen, and was not heard of for a day", changed { $0.host = "another" }, 86_401, false),
  ])
  func whatMayGoOnIsNotRemoved(what: String, owner: Owner, silence: Double, mayGoOn: Bool) {
    var trial = RunningTrial(
      key: "k", study: "s", label: "l", seed: 0, iteration: 1, iterations: 2, owner: owner, claimedAt: 0,
      heartbeatAt: 5, state: .stale)
    #expect(trial.mayGoOn(now: 5 + silence) == mayGoOn, "\(what)")
    trial.state = .running
    #expect(trial.mayGoOn(now: 5 + silence))
  }
}
