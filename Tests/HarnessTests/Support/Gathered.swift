import Dispatch
import Synchronization

/// Places in a list that several threads name.
final class Places: Sendable {
  private let places = Mutex<Set<Int>>([])

  /// Adds a place.
  ///
  /// - Returns: how many there are now.
  func insert(_ place: Int) -> Int {
    places.withLock { places in
      places.insert(place)
      return places.count
    }
  }
}

/// Texts that several threads say.
final class Notices: Sendable {
  private let texts = Mutex<[String]>([])

  func append(_ text: String) { texts.withLock { $0.append(text) } }

  var all: [String] { texts.withLock { $0 } }
}

/// A thread stops here once until it is let go.
final class Gate: Sendable {
  private let isReached = Atomic<Bool>(false)
  private let opened = DispatchSemaphore(value: 0)
  private let arrivals: AsyncStream<Void>
  private let arrival: AsyncStream<Void>.Continuation

  init() { (arrivals, arrival) = AsyncStream.makeStream() }

  /// The first thread that comes here waits for ``open()``.
  func pass() {
    guard !isReached.exchange(true, ordering: .acquiringAndReleasing) else { return }
    arrival.finish()
    opened.wait()
  }

  /// Waits until a thread stands at the gate.
  func reached() async { for await _ in arrivals {} }

  /// Lets the thread go on.
  func open() { opened.signal() }
}
