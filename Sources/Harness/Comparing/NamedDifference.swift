import Comparing
import Experiments
import Presentation
import Reporting
import Tracking

extension StudyDifference {
  /// Finds what changed between two studies, or revisions of one, of a store.
  ///
  /// - Parameters:
  ///   - before: `STUDY` or `STUDY@2`.
  ///   - after: the same; `nil` stands for `before` itself, which is compared with the revision before it.
  /// - Throws: ``OperationalError`` where there is no revision before it, and `StoreError`.
  package init(from before: String, to after: String?, in storePath: String) throws {
    let store = try Store(path: storePath, access: .readOnly)
    func side(_ name: String, _ revision: Int?) throws -> (StudyRecord, StudyResults) {
      let record = try store.study(named: name, revision: revision)
      return (record, try CompareSource.results(record, in: store))
    }
    func named(_ text: String) throws -> (StudyRecord, StudyResults) {
      guard let (name, revision) = try store.studyReference(text) else {
        throw StoreError.noStudy(name: text, known: try store.studies().map(\.name).sorted())
      }
      return try side(name, revision)
    }
    guard let after else {
      let now = try named(before)
      let name = PlainText.oneLine(now.0.name)
      guard let last = try store.revisions(ofStudy: now.0.name).last(where: { $0 < now.0.revision }) else {
        throw OperationalError(
          "study \(name): there is no revision before \(now.0.revision); name what it is compared with: bench diff "
            + "\(name) OTHER")
      }
      self.init(from: try side(now.0.name, last), to: now)
      return
    }
    self.init(from: try named(before), to: try named(after))
  }
}
