import Experiments
import Synchronization
final class Temp: Sendable { static let it = Temp(); let m = Mutex<[String: StudyConfiguration]>([:]) }
extension StudyConfiguration {
  var storedJSON: String { let s = "{\"hash\": \(hashValue)}"; Temp.it.m.withLock { $0[s] = self }; return s }
  init(storedJSON s: String) throws { guard let c = Temp.it.m.withLock({ $0[s] }) else { throw StoreError.noTrial(prefix: s) }; self = c }
}
