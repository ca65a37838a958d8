import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct ThreadTeamTests {
  @Test(arguments: [1, 2, 3, 8], [1, 4, 7])
  func everyPartIsDoneOnce(threads: Int, parts: Int) {
    let done = Mutex([Int](repeating: 0, count: parts))
    ThreadTeam(threads: threads).run(parts) { part in done.withLock { $0[part] += 1 } }
    #expect(done.withLock { $0 } == [Int](repeating: 1, count: parts))
  }

  @Test func processorTimeOfTheOtherThreadsIsCounted() {
    let team = ThreadTeam(threads: 2)
    // On a busy machine one thread may do both parts: then it waits for nobody, and once more.
    for _ in 0..<10 {
      let arrived = Atomic<Int>(0)
      let threads = Mutex<Set<UInt>>([])
      let before = team.helpSeconds
      team.run(2) { _ in
        arrived.add(1, ordering: .relaxed)
        threads.withLock { _ = $0.insert(UInt(pthread_self())) }
        let deadline = Date.now.addingTimeInterval(5)
        while arrived.load(ordering: .relaxed) < 2, Date.now < deadline { usleep(100) }
        let end = ThreadTime.seconds + 0.01
        while ThreadTime.seconds < end {}
      }
      if threads.withLock({ $0.count }) == 2 {
        #expect(team.helpSeconds - before >= 0.01)
        #expect(ThreadTeam(threads: 2).helpSeconds == 0, "each team counts its own")
        return
      }
    }
    Issue.record("two threads never worked at the same time")
  }
}
