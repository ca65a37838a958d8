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
}
