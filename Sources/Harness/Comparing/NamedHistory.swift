import Comparing
import Experiments
import Presentation
import Reporting
import Tracking

extension StudyHistory {
  /// Reads the nights of a study of a store.
  ///
  /// - Parameters:
  ///   - name: the study; `nil` is the one with the latest night.
  ///   - metrics: what is shown; where there are none, what most people ask for.
  /// - Throws: ``OperationalError`` where there are no such nights, and ``UsageError`` where none has a metric.
  package init(ofNamed name: String?, metrics: [ComparedMetric], in storePath: String) throws {
    let store = try Store(path: storePath, access: .readOnly)
    let known = try store.studiesWithNights()
    guard let study = name ?? known.first, known.contains(study) else {
      throw OperationalError(Self.noNights(of: name, among: known, in: storePath))
    }
    let nights = try store.nights(ofStudy: study)
    let recorded = Self.metrics(of: nights)
    for wanted in metrics where !recorded.contains(wanted) {
      throw UsageError(
        "--metric \(wanted.rawValue): no night of \(PlainText.oneLine(study)) has it; they have "
          + recorded.map(\.rawValue).joined(separator: ", "))
    }
    self.init(nights, study: study, metrics: metrics.isEmpty ? nil : metrics)
  }

  private static func noNights(of study: String?, among known: [String], in storePath: String) -> String {
    let cure = "bench compare BASELINE --record keeps one each time"
    guard let study else { return "\(storePath): holds no nights yet; \(cure)" }
    let others = known.isEmpty ? "" : "; there are nights of \(listed(known.map(PlainText.oneLine)))"
    return "\(storePath): holds no nights of \(PlainText.oneLine(study)); \(cure)\(others)"
  }
}
